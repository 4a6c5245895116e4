#pragma once

#include "database/session.h"
#include "graph/graph.h"
#include "ledger/ledger.h"

// What a person settles by hand, because only a person can know: the ledger is written, no script is run. Each is one
// transaction under the lock.
//
// All throw Error: 64 where the revision is not one that can be settled so, 75 where another session holds the lock or
// has moved the ledger meanwhile, 77 where the role may not write the ledger; and ConnectionLost.

namespace slipway {

// Records the upgrade script of today as the one that ran, for an applied revision.
void accept(Session& session, const Ledger& ledger, const Graph& graph, const RevisionId& id);

enum class Settled {
  done,   // by hand: recorded as done, and the heads moved
  retry,  // to be run again from its first statement
};

// For a script without a transaction that was cut off.
void resolve_unfinished(Session& session, const Ledger& ledger, const Graph& graph, const RevisionId& id, Settled how);

}  // namespace slipway
