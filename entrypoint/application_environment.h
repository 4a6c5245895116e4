#pragma once

#include "context.h"
#include "process/environment.h"

// The environment of slipway's children.

namespace slipway {

// slipway's own environment without the privileged URL, which only migrations may use. With a scratch server,
// DATABASE_URL points to that server.
Environment application_environment(Context& context);

// The same for another tool's migrator, but with the DATABASE_URL that slipway itself uses.
Environment migrator_environment(Context& context);

}  // namespace slipway
