#pragma once

#include "database/wait.h"
#include "graph/graph.h"
#include "ledger/ledger.h"
#include "settings/settings.h"

// The wait of a program that needs the schema and must not migrate, until another process has brought the database to
// the folder's heads. It only reads, on one connection, and between two reads it holds neither a transaction nor a
// snapshot.

namespace slipway {

struct HeadsWait {
  const Graph& graph;
  const Ledger& ledger;
  SessionOptions connection;
  WaitPolicy wait;  // its timeout covers the wait for the server and for the schema
  AheadPolicy ahead = AheadPolicy::refuse;
  StopSignals& signals;
};

// Returns the ledger at the end. The log says what it waits for, once for each revision that the database is at, and
// which session is migrating. Throws Error: as wait_until_ready() and Ledger::read() do; 69 when the time is up; 65 if
// the database is ahead of the folder and that is refused.
LedgerState await_heads(const HeadsWait& wait);

}  // namespace slipway
