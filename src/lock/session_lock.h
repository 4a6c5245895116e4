#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "database/session.h"
#include "error/error.h"
#include "lock/advisory_lock.h"

// The advisory lock of a ledger for as long as a session lasts, for scripts that can't share a transaction with it. It
// is worth something only where all that is sent meets one server process: behind a pooler that has to be promised by
// the user, and is looked after.
//
// Passive, and gives nothing back by itself: a session that ends gives back what it holds.

namespace slipway {

class SessionLock {
 public:
  enum class Sessions {
    unknown,  // a pooler is refused
    promised  // the user says that transactions all meet one server process, pooler or not
  };

  // Nothing where another session holds it. The session outlives the lock. Throws as Session::query, and Error 78
  // behind a pooler that is unknown, or breaks its promise.
  static std::optional<SessionLock> take(Session& session, LockKey key, Sessions sessions);

  // A SELECT that fails, and with it the message that it begins, where the session is not the one that holds the lock.
  const std::string& guard() const noexcept { return guard_; }
  static bool is_lost(const ServerError& error);

  // Why guard() has failed, after a rollback. `location` is the script's, and `fix` what to do about it besides. Takes
  // the lock back where a pooler has left it behind.
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
