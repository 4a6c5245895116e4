#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "database/session.h"
#include "error/error.h"
#include "lock/advisory_lock.h"

// The advisory lock of a ledger, held by a session, for scripts that can't run in a transaction with it. It protects
// only if every message reaches the same server process. Behind a pooler the user has to promise that, and each message
// checks it.
//
// The destructor does not release the lock. The server does so when the session ends.

namespace slipway {

class SessionLock {
 public:
  enum class Sessions {
    unknown,  // a pooler is refused
    promised  // the user says that transactions all meet one server process, pooler or not
  };

  // Returns nothing if another session holds it. The session outlives the lock. Throws as Session::query, and Error 78
  // behind a pooler that is unknown, or breaks its promise.
  static std::optional<SessionLock> take(Session& session, LockKey key, Sessions sessions);

  // A SELECT that fails, and with it the message that it begins, if the session does not hold the lock.
  const std::string& guard() const noexcept { return guard_; }
  static bool is_lost(const ServerError& error);

  // The error for a guard() that has failed, to be called after a rollback. `location` is that of the script, and `fix`
  // the end of the hint. Releases the lock if a pooler has left it on another server process.
  Error loss(const std::string& location, const std::string& fix);

  void release();

 private:
  SessionLock(Session& session, LockKey key, bool pooled);

  std::optional<std::string> release_from_pooler();

  Session* session_;
  LockKey key_;
  bool pooled_;
  std::string guard_;
};

}  // namespace slipway
