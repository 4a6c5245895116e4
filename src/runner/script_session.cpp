#include "runner/script_session.h"

#include <algorithm>
#include <utility>

#include "base/duration.h"
#include "database/session_settings.h"
#include "runner/ledger_error.h"
#include "verify/unfinished.h"

namespace slipway {
namespace {

std::string settings(const Session& session, const Script& script, const RunPolicy& policy) {
  std::string text = session_reset + std::string{"RESET ROLE; "} + session.set_for_session();
  for (const std::string_view setting : server_keepalives)
    text += "SET " + std::string{setting} + "; ";
  text +=
      "SET default_transaction_isolation = 'read committed'; SET default_transaction_read_only = off; "
      "SET idle_in_transaction_session_timeout = 0; ";
  if (session.server_version() >= 170000) text += "SET transaction_timeout = 0; ";
  if (session.server_version() >= client_check_since) text += session_client_check;
  return text + "SET lock_timeout = " + in_milliseconds(script.lock_timeout.value_or(policy.lock_timeout)) +
         "; SET statement_timeout = " + in_milliseconds(script.statement_timeout.value_or(policy.statement_timeout)) +
         ";";
}

// The role may be a default of the login (PostgreSQL: ALTER ROLE … SET role).
std::string set_role_of(Session& session) {
  if (session.role()) return "SET LOCAL ROLE " + session.identifier(*session.role()) + ";";
  const std::string role = session.query("SELECT pg_catalog.current_setting('role')").back().text(0, 0);
  return "SET LOCAL ROLE " + (role == "none" ? "NONE" : session.identifier(role)) + ";";
}

// While it waits for a lock, it blocks neither readers nor writers of the table. A partition whose detaching gives up
// in that wait stays half detached (PostgreSQL: "ALTER TABLE").
bool blocks_nothing_while_it_waits(const Statement& statement) {
  return statement.name.ends_with("INDEX CONCURRENTLY") || statement.name == "DETACH PARTITION CONCURRENTLY";
}

}  // namespace

ScriptSession::ScriptSession(Session& session, SessionLock& lock, const Task& task, std::string prepared)
    : session_{session},
      lock_{lock},
      task_{task},
      script_{script_of(task.step)},
      ledger_{task.ledger.statements(session, task.state)},
      prepared_{std::move(prepared)} {
  session_.query(settings(session_, script_, task_.policy) + prepared_);
  set_own_role_ = set_role_of(session_);
}

void ScriptSession::end() {
  session_.query(session_reset + prepared_);
  lock_.release();
}

Outcome ScriptSession::run(const std::string& sql, const std::function<void()>& tick) {
  Outcome outcome = session_.run(
      sql, {.keep = RunOptions::Keep::last_row, .tick = tick, .after_signal = RunOptions::AfterSignal::outcome});
  if (outcome.end == Outcome::End::lost) throw ConnectionLost{outcome.lost_because};
  return outcome;
}

std::string ScriptSession::as_slipway(const std::string& ledger_statement) const {
  return set_own_role_ + ledger_.see_all_rows() + ledger_statement;
}

void ScriptSession::write(const std::string& ledger_statement) {
  const Outcome outcome = session_.run("BEGIN;" + lock_.guard() + as_slipway(ledger_statement) + "COMMIT;");
  if (outcome.end == Outcome::End::lost) throw ConnectionLost{outcome.lost_because};
  if (outcome.end == Outcome::End::failed) {
    session_.rollback();
    throw refused(*outcome.error);
  }
}

Error ScriptSession::refused(const ServerError& error) {
  const Revision& revision = *task_.step.revision;
  return SessionLock::is_lost(error) ? lock_.loss(revision.location.str(), how_to_resolve(revision.id))
                                     : ledger_error(session_, error, Purpose::record);
}

// Only slipway's own limit is changed, not that of the marker.
bool ScriptSession::has_longer_limit(const Statement& statement) const {
  return blocks_nothing_while_it_waits(statement) && !script_.lock_timeout && task_.policy.lock_timeout.count() != 0;
}

std::chrono::milliseconds ScriptSession::lock_timeout(const Statement& statement) const {
  return has_longer_limit(statement) ? std::max(lock_timeout(), task_.policy.lock_wait) : lock_timeout();
}

void ScriptSession::begin(const Statement& statement) {
  change_lock_timeout(lock_timeout(), lock_timeout(statement));
}

void ScriptSession::end(const Statement& statement) {
  change_lock_timeout(lock_timeout(statement), lock_timeout());
}

// The script may have set another limit, which stays.
void ScriptSession::change_lock_timeout(std::chrono::milliseconds from, std::chrono::milliseconds to) {
  if (from == to || session_.in_transaction()) return;
  session_.query("SELECT pg_catalog.set_config('lock_timeout', '" + in_milliseconds(to) +
                 "', false) FROM pg_catalog.pg_settings WHERE name = 'lock_timeout' AND setting = '" +
                 in_milliseconds(from) + "'");
}

}  // namespace slipway
