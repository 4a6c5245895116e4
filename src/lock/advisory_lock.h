#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "database/activity.h"

// The advisory lock that every writer of a ledger takes (PostgreSQL: "Advisory Locks"). Advisory locks belong to one
// database, so equal keys in two databases do not conflict.
//
//   1) A revision in a transaction takes it for that transaction: take_lock().
//   2) A script without a transaction takes it for its session: session_lock.h.
//   3) An external migrator runs while an idle transaction holds it: transaction_lock.h.
//   4) A session that does not get it waits: lock_wait.h.

namespace slipway {

struct LockKey {
  std::int64_t value = 0;
  friend bool operator==(LockKey, LockKey) = default;
};

// A SELECT that takes the lock for the transaction, and fails at once if another session holds it. `column` is a
// further column of that SELECT, which saves a statement.
std::string take_lock(LockKey key, std::string_view column = {});

// Whether the error is that of take_lock().
bool is_locked(const ServerError& error);

// "SELECT l.pid FROM … WHERE …": the pid of the session that holds the lock.
std::string holder_query(LockKey key);

// The session that holds the lock, if one does. Throws ConnectionLost.
std::optional<Activity> holder_of(Session& observer, LockKey key);

}  // namespace slipway
