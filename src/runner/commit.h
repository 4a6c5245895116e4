#pragma once

#include <functional>

#include "database/session.h"
#include "revision/revision.h"

namespace slipway {

// Runs a message that ends with the COMMIT of a revision. A signal cancels it. If the signal comes too late, the
// outcome is `done` and the revision is applied; the caller then checks for the signal.
//
// Throws ConnectionLost; Error 128+N when signal N has arrived and the message failed, or when it is not known whether
// the revision was committed; the error says so.
Outcome commit(Session& session, const Revision& revision, const std::string& message,
               const std::function<void()>& tick);

}  // namespace slipway
