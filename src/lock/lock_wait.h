#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "database/session.h"
#include "lock/advisory_lock.h"
#include "log/progress.h"

// The wait of a replica while another one migrates. It polls. Between two polls it holds neither a transaction nor a
// snapshot, because a session that waits inside a statement would block the other's CREATE INDEX CONCURRENTLY.

namespace slipway {

struct LockWait {
  Session& session;
  LockKey key;
  std::string watch;  // LedgerStatements::watch(); empty if only the lock counts
  // Called every few polls with a description of the session that holds the lock. Throws when the time is up.
  std::function<void(const std::string& holder)> require_time_left;
  std::function<void()> ledger_moves;  // called when the other session has moved the ledger
  StopSignals& signals;
  Progress& progress;
};

// Returns when the other session has released the lock, or has brought the ledger to the heads that this one wants.
// However many replicas wait, they put little load on the server.
//
// It returns within two polls of the other session's last commit. The log says who holds the lock. Throws
// ConnectionLost, and Error 128+N when signal N has arrived.
void wait_for_lock(const LockWait& wait);

}  // namespace slipway
