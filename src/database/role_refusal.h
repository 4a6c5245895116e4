#pragma once

#include <optional>

#include "database/session.h"
#include "error/error.h"

// Explains why the login can't SET ROLE to the role that the user named with --role.

namespace slipway {

// Call this after the server refused a message that begins with Session::set_local(). Returns Error 77 if the login may
// not become the role, 78 if there is no such role, and nothing if the role was not the reason. Throws ConnectionLost.
std::optional<Error> role_refusal(Session& session, const ServerError& error);

}  // namespace slipway
