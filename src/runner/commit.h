#pragma once

#include <functional>

#include "database/session.h"
#include "revision/revision.h"

namespace slipway {

// Runs a message that ends in the COMMIT of a revision. A signal cancels what runs, and may come too late: then the
// outcome is `done`, the signal is still to be looked for, and the revision is applied.
//
// Throws ConnectionLost; Error 128+N when signal N has arrived and the message failed, or when it is not known whether
// the revision was committed, which the error then says.
Outcome commit(Session& session, const Revision& revision, const std::string& message,
               const std::function<void()>& tick);

}  // namespace slipway
