#pragma once

#include "context.h"
#include "process/environment.h"

// What slipway's children get of its environment.

namespace slipway {

// slipway's own, without the privileged URL that only migrations hold; with a scratch server, DATABASE_URL points to
// it.
Environment application_environment(Context& context);

// The same for another tool's migrator, with DATABASE_URL as slipway itself uses it.
Environment migrator_environment(Context& context);

}  // namespace slipway
