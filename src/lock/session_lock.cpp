#include "lock/session_lock.h"

#include <chrono>
#include <thread>

#include "database/assertion.h"

namespace slipway {
namespace {

constexpr std::string_view lost_word = "slipway: this session does not hold the lock";

// `holder`: the pid of a server process that still holds the lock; may be empty.
Error sessions_are_not_kept(const std::string& holder) {
  std::string message = "the direct URL leads to a pooler that spreads transactions over several sessions";
  if (!holder.empty())
    message += "; the server process " + holder + " holds slipway's lock until you or the pooler end it";
  return {ExitCode::bad_configuration, message, "set direct-url to the server itself, or to a pooler in session mode"};
}

}  // namespace

SessionLock::SessionLock(Session& session, LockKey key, bool pooled)
    : session_{&session},
      key_{key},
      pooled_{pooled},
      guard_{select_or_fail("EXISTS (" + holder_query(key) + " AND l.pid = pg_catalog.pg_backend_pid())", lost_word)} {}

std::optional<SessionLock> SessionLock::take(Session& session, LockKey key, Sessions sessions) {
  const std::string pid = session.query("SELECT pg_catalog.pg_backend_pid()").back().text(0, 0);
  // libpq got the pid when it connected. A pooler invents one, and may give each transaction another backend.
  const bool pooled = pid != std::to_string(session.backend_pid());
  if (pooled && sessions == Sessions::unknown)
    throw Error{
        ExitCode::bad_configuration,
        "a script without a transaction needs a session of its own, but there is a connection pooler in between",
        "give the URL of the server itself, or of a pooler in session mode, with --direct-url or "
        "DIRECT_URL"};
  // The lock is taken on the backend that answered, or not at all, because a lock on another backend could not be
  // released.
  const auto answer = session.query("SELECT CASE WHEN pg_catalog.pg_backend_pid() = " + pid +
                                    " THEN pg_catalog.pg_try_advisory_lock(" + std::to_string(key.value) + ") END");
  if (!answer.back().value(0, 0)) throw sessions_are_not_kept("");
  if (!answer.back().is_true(0, 0)) return std::nullopt;
  return SessionLock{session, key, pooled};
}

bool SessionLock::is_lost(const ServerError& error) {
  return failed_with(error, lost_word);
}

Error SessionLock::loss(const std::string& location, const std::string& fix) {
  if (pooled_) return sessions_are_not_kept(release_from_pooler().value_or(""));
  return {ExitCode::migration_failed, location + ": the script released the lock that keeps other replicas away",
          "remove pg_advisory_unlock_all() and similar calls from it; then " + fix};
}

void SessionLock::release() {
  session_->query("SELECT pg_catalog.pg_advisory_unlock(" + std::to_string(key_.value) + ")");
}

// Repeats until it reaches the backend that holds the lock. If it does not, it returns that backend's pid.
std::optional<std::string> SessionLock::release_from_pooler() {
  constexpr int tries = 50;
  std::string pid;
  for (int i = 0; i < tries; ++i) {
    const auto rows = session_->query(
        "SELECT h.pid, CASE WHEN h.pid = pg_catalog.pg_backend_pid() THEN pg_catalog.pg_advisory_unlock(" +
        std::to_string(key_.value) + ") END FROM (" + holder_query(key_) + ") h");
    if (rows.back().size() == 0 || rows.back().is_true(0, 1)) return std::nullopt;
    pid = rows.back().text(0, 0);
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  return pid;
}

}  // namespace slipway
