#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "database/session.h"
#include "lock/advisory_lock.h"
#include "log/progress.h"

// The wait of a replica while another one migrates. It polls, and holds neither a transaction nor a snapshot between
// two polls: a session that waited inside a statement would keep the other's CREATE INDEX CONCURRENTLY waiting in turn.

namespace slipway {

struct LockWait {
  Session& session;
  LockKey key;
  std::string watch;  // LedgerStatements::watch(); empty if only the lock counts
  // Called with whom it waits for, every few polls; throws when the time is up.
  std::function<void(const std::string& holder)> require_time_left;
  std::function<void()> ledger_moves;  // told that the other session gets on
  StopSignals& signals;
  Progress& progress;
};

// Until the other session holds the lock no longer, or has brought the ledger to where this one wants it. However many
// wait beside a session that applies one revision after the other, they leave the server to it.
//
// It ends within two polls of the other's last commit. The log says who holds the lock. Throws ConnectionLost, and
// Error 128+N when signal N has arrived.
void wait_for_lock(const LockWait& wait);

}  // namespace slipway
