#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "database/session.h"
#include "error/error.h"
#include "ledger/statements.h"
#include "lock/session_lock.h"
#include "runner/attempt.h"
#include "sql/statement.h"

// The session in which a script without a transaction runs. Between the script's statements, slipway writes the ledger
// there as its own role, whatever the script has set.

namespace slipway {

class ScriptSession {
 public:
  // Makes slipway's settings, and runs `prepared` (deallocate.h). All of it must outlive this. Throws as
  // Session::query.
  ScriptSession(Session& session, SessionLock& lock, const Task& task, std::string prepared);

  // Undoes what the script and slipway have set, and releases the lock. Throws as Session::query.
  void end();

  // Runs a statement of the script. If a signal cancels it, returns the outcome, so that the journal can record it.
  // Throws ConnectionLost.
  Outcome run(const std::string& sql, const std::function<void()>& tick);

  // "SET LOCAL ROLE …;" with slipway's role.
  const std::string& set_own_role() const noexcept { return set_own_role_; }

  // A statement on the ledger, to be sent in a transaction in which the script may have changed the role.
  std::string as_slipway(const std::string& ledger_statement) const;

  // Writes the ledger in a transaction that checks the lock. Throws refused(), and ConnectionLost.
  void write(const std::string& ledger_statement);

  // The error if the server refused such a write: the lock was lost, or the ledger can't be written.
  Error refused(const ServerError& error);

  // The limit of a wait for a lock, and that of a statement, which may be longer.
  std::chrono::milliseconds lock_timeout() const { return script_.lock_timeout.value_or(task_.policy.lock_timeout); }
  std::chrono::milliseconds lock_timeout(const Statement& statement) const;

  // Call these before and after a statement. They set its own limit.
  void begin(const Statement& statement);
  void end(const Statement& statement);

 private:
  bool has_longer_limit(const Statement& statement) const;
  void change_lock_timeout(std::chrono::milliseconds from, std::chrono::milliseconds to);

  Session& session_;
  SessionLock& lock_;
  const Task& task_;
  const Script& script_;
  LedgerStatements ledger_;
  std::string prepared_;
  std::string set_own_role_;
};

}  // namespace slipway
