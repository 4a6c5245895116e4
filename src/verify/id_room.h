#pragma once

#include <vector>

#include "error/error.h"
#include "graph/graph.h"
#include "ledger/ledger.h"

// Whether the ids of the folder fit into the column of the version table. Alembic makes it for 32 characters, and
// PostgreSQL would refuse a longer id only when its script has already run. Pure.

namespace slipway {

// What has no room, in the order of the graph; it points into the graph.
std::vector<const Revision*> without_room(const Graph& graph, const LedgerState& ledger);

// Error (bad_migrations): how long the revision's id is, how much the column holds, and the statement that widens it.
Error no_room_for_id(const Revision& revision, const LedgerState& ledger);

// Throws that for the first of `heads`, which are to become rows, that has no room.
void require_room_for_ids(const Graph& graph, const LedgerState& ledger, const Heads& heads);

}  // namespace slipway
