#pragma once

#include "database/server_error.h"
#include "database/session.h"
#include "error/error.h"
#include "runner/message.h"

// The error for a statement of slipway's own that the server refused. Usually the cause lies elsewhere: a privilege is
// missing, a trigger or a publication of the user interferes, or the server has become a standby.

namespace slipway {

// The error depends on the purpose of the statement:
//
//   role            77 if the login may not SET ROLE to it, 78 if there is no such role
//   record          65 if a write did not have the expected effect (ledger/statements.h)
//   create, record  77 if a privilege is missing, else 78: the ledger's tables can't be created or written
//   any             69 if the server lacks disk or memory; 70 otherwise
// Queries the server about the role if that was refused. Throws as Session::run().
Error ledger_error(Session& session, const ServerError& error, Purpose purpose);

// After a BEGIN … READ WRITE or a first write that failed, and a rollback: throws ConnectionLost if the server is in
// recovery. It queries the server, because a pooler may report an old state, and the error alone is not proof. Throws
// as Session::run().
void require_primary(Session& session, const ServerError& error);

}  // namespace slipway
