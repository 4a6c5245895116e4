#pragma once

#include <optional>

#include "database/session.h"
#include "error/error.h"

// Why a login does not get the role that the user has asked for with --role.

namespace slipway {

// To be asked after a message was refused that begins with Session::set_local(). Error 77 if the login may not become
// the role, 78 if there is no such role; nothing if the role was not the reason. Throws ConnectionLost.
std::optional<Error> role_refusal(Session& session, const ServerError& error);

}  // namespace slipway
