#pragma once

#include <optional>

#include "database/session.h"
#include "error/error.h"

// Why SET ROLE to the role of --role was refused.

namespace slipway {

// Call this after a message that begins with Session::set_local() was refused. Returns Error 77 if the login may not
// SET ROLE to it, 78 if there is no such role, and nothing if the role was not the reason. Throws ConnectionLost.
std::optional<Error> role_refusal(Session& session, const ServerError& error);

}  // namespace slipway
