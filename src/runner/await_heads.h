#pragma once

#include "database/wait.h"
#include "graph/graph.h"
#include "ledger/ledger.h"
#include "settings/settings.h"

// The wait of a program that needs the schema and must not migrate: until another has brought the database to the
// folder's heads. It reads, on one connection, and holds neither a transaction nor a snapshot between two looks.

namespace slipway {

struct HeadsWait {
  const Graph& graph;
  const Ledger& ledger;
  SessionOptions connection;
  WaitPolicy wait;  // its timeout is for the server and the schema together
  AheadPolicy ahead = AheadPolicy::refuse;
  StopSignals& signals;
};

// The ledger at the end. The log says what is waited for, once for each revision that the database is at meanwhile, and
// who migrates.
// Throws Error: as wait_until_ready() and Ledger::read() do; 69 when the time is up; 65 if the database is ahead of
// the folder and that is refused.
LedgerState await_heads(const HeadsWait& wait);

}  // namespace slipway
