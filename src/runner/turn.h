#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "database/session.h"
#include "runner/progress.h"

// The wait of a replica while another one migrates. It polls, and holds neither a transaction nor a snapshot between
// two polls: a session that waited inside a statement would keep the other's CREATE INDEX CONCURRENTLY waiting in turn.

namespace slipway {

struct TurnWait {
  Session& session;
  std::int64_t key;  // of the advisory lock
  // A query whose answer, one row of text, changes when the ledger does; empty where there is no ledger yet.
  std::string ledger_question;
  // Called with whom it waits for, about five times a second; throws when the time is up.
  std::function<void(const std::string& holder)> require_time_left;
  StopSignals& signals;
  Progress& progress;
};

enum class Turn { lock_free, ledger_moved };

// The log says who holds the lock. Throws ConnectionLost, and Error 128+N when signal N has arrived.
Turn wait_for_turn(const TurnWait& wait);

}  // namespace slipway
