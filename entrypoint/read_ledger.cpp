#include "read_ledger.h"

#include "error/error.h"

namespace slipway {
namespace {

template <typename Read>
auto reading(Context& context, Read read) {
  Session session = wait_until_ready(context.connection(Access::read_only),
                                     context.wait_policy(WaitsByDefault::without_terminal), context.signals());
  try {
    return read(session);
  } catch (const ConnectionLost& lost) {
    throw Error{ExitCode::unavailable, "the connection was lost: " + lost.reason, "try again"};
  }
}

}  // namespace

LedgerState read_ledger(Context& context) {
  return reading(context, [&](Session& session) { return context.ledger().read(session); });
}

AppliedHistory read_history(Context& context) {
  return reading(context, [&](Session& session) {
    const Ledger ledger = context.ledger();
    AppliedHistory history{.ledger = ledger.read(session)};
    history.events = ledger.events(session, history.ledger);
    return history;
  });
}

}  // namespace slipway
