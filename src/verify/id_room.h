#pragma once

#include <vector>

#include "error/error.h"
#include "graph/graph.h"
#include "ledger/ledger.h"

// Whether the ids of the folder fit into the column of the version table. Alembic creates it for 32 characters, and
// PostgreSQL would refuse a longer id only after its script has run. Pure.

namespace slipway {

// The revisions whose ids do not fit, in the order of the graph. They point into the graph.
std::vector<const Revision*> without_room(const Graph& graph, const LedgerState& ledger);

// Error (bad_migrations) with the length of the id, the width of the column, and the statement that widens it.
Error no_room_for_id(const Revision& revision, const LedgerState& ledger);

// Throws that error for the first of `heads`, which are to become rows, that does not fit.
void require_room_for_ids(const Graph& graph, const LedgerState& ledger, const Heads& heads);

}  // namespace slipway
