#pragma once

#include "database/server_error.h"
#include "database/session.h"
#include "error/error.h"
#include "runner/message.h"

// What it means that the server refused a statement of slipway's own. It may not be slipway's fault: a right is
// missing, a publication or a trigger of the user's stands in the way, or the server has become a standby.

namespace slipway {

// The error of such a statement, by what it is for:
//
//   role            77 if the login may not become the role, 78 if there is no such role
//   record          65 if the server took a write that has not come to what it should (ledger/statements.h)
//   create, record  77 if a right is missing, else 78: the ledger's tables can't be made or written
//   any             69 if the server lacks disk or memory; 70 otherwise
// Asks the server about the role if that was refused. Throws as Session::run().
Error ledger_error(Session& session, const ServerError& error, Purpose purpose);

// After a BEGIN … READ WRITE or a first write that failed, and a rollback: throws ConnectionLost if the server is in
// recovery. The server is asked: a pooler may remember what it was, and an error alone does not tell. Throws as
// Session::run().
void require_primary(Session& session, const ServerError& error);

}  // namespace slipway
