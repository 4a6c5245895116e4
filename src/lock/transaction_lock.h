#pragma once

#include <chrono>

#include "database/session.h"
#include "lock/advisory_lock.h"
#include "log/progress.h"

// The advisory lock, held by a transaction that stays open and idle while another connection does the work.

namespace slipway {

struct TransactionLockWait {
  std::chrono::milliseconds lock_wait;  // how long another session may hold the lock
  StopSignals& signals;
  Progress& progress;
};

// Opens a transaction that holds the lock, and returns with it open. It has no snapshot, so it blocks nothing that the
// other connection does. No timeout of the server ends it. A pooler keeps it on one server session until it ends.
//
// Waits while another session holds the lock. Throws Error: 75 if it was not obtained in time, 128+N when signal N has
// arrived; and ConnectionLost.
void take_lock_for_transaction(Session& session, LockKey key, const TransactionLockWait& wait);

}  // namespace slipway
