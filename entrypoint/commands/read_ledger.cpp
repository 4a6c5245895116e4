#include "commands/read_ledger.h"

#include "error/error.h"

namespace slipway {

LedgerState read_ledger(Context& context) {
  Session session = wait_until_ready(context.connection(Access::read_only), context.wait_policy({}), context.signals());
  try {
    return context.ledger().read(session);
  } catch (const ConnectionLost& lost) {
    throw Error{ExitCode::unavailable, "the connection was lost: " + lost.reason, "try again"};
  }
}

}  // namespace slipway
