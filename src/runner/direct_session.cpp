#include "runner/direct_session.h"

#include "error/error.h"
#include "lock/advisory_lock.h"

namespace slipway {
namespace {

Error another_database() {
  return {ExitCode::bad_configuration, "the direct URL leads to another database than the database URL",
          "set direct-url to the same database, past the pooler"};
}

// The direct connection read another ledger than the pooler's. Either another replica has moved it since, or it is
// another database.
void require_moved(Session& over_pooler, const Task& task) {
  const LedgerState now = task.ledger.read(over_pooler);
  if (now.heads == task.state.heads && now.journal.last_id == task.state.journal.last_id) throw another_database();
}

// One connection sees the lock that the other holds if both are connected to the same database. To compare ledgers is
// not enough, because a copy of the database has the same one.
void require_same_database(Session& over_pooler, Session& locked, const Task& task) {
  const std::int64_t pid = locked.query("SELECT pg_catalog.pg_backend_pid()").back().integer(0, 0);
  const auto holder = holder_of(over_pooler, task.ledger.lock_key(task.state));
  if (!holder || holder->pid != pid) throw another_database();
}

}  // namespace

Attempt DirectSession::attempt(Session& over_pooler, const Task& task, const RunOptions& options) {
  if (!session_) session_.emplace(wait_until_ready(options_, wait_, signals_));
  Task direct = task;
  direct.under_lock = [&](Session& locked) { require_same_database(over_pooler, locked, task); };
  Attempt attempt = attempt_without_transaction(*session_, direct, options);
  if (attempt.end == Attempt::End::moved) require_moved(over_pooler, task);
  return attempt;
}

}  // namespace slipway
