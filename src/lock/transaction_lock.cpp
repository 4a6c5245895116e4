#include "lock/transaction_lock.h"

#include <string>

#include "database/session_settings.h"
#include "error/error.h"
#include "lock/lock_wait.h"

namespace slipway {
namespace {

std::string beginning(const Session& session) {
  std::string text = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = 0;";
  if (session.server_version() >= 170000) text += "SET LOCAL transaction_timeout = 0;";
  for (const std::string_view setting : server_keepalives)
    text += "SET LOCAL " + std::string{setting} + ";";
  return text;
}

}  // namespace

void take_lock_for_transaction(Session& session, LockKey key, const TransactionLockWait& wait) {
  const auto start = std::chrono::steady_clock::now();
  for (;;) {
    const Outcome outcome = session.run(beginning(session) + take_lock(key));
    if (outcome.end == Outcome::End::lost) throw ConnectionLost{outcome.lost_because};
    if (outcome.end == Outcome::End::done) return;
    session.rollback();
    if (!is_locked(*outcome.error)) throw refused_statement(*outcome.error);
    wait_for_lock({.session = session,
                   .key = key,
                   .watch = {},
                   .require_time_left =
                       [&](const std::string& holder) {
                         if (std::chrono::steady_clock::now() - start > wait.lock_wait)
                           throw Error{ExitCode::try_again, "another session is migrating: " + holder,
                                       "try again, or wait longer with --lock-wait"};
                       },
                   .ledger_moves = {},
                   .signals = wait.signals,
                   .progress = wait.progress});
  }
}

}  // namespace slipway
