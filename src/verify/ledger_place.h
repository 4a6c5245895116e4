#pragma once

#include <optional>

#include "error/error.h"
#include "graph/graph.h"
#include "ledger/ledger.h"

// A ledger that is missing in the schema that was searched, although another schema has one for this folder: the search
// path was changed, and everything would run again. Pure.

namespace slipway {

// Error (bad_migrations): "database 'shop' has no version table in schema app, but alembic_version in schema public is
// at 002", and what to do. Nothing if no other schema records revisions of this folder.
std::optional<Error> ledger_elsewhere(const Graph& graph, const LedgerState& ledger);

// The same as a warning, for a caller that only reads.
void warn_of_ledger_elsewhere(const Graph& graph, const LedgerState& ledger);

// Call this before a ledger is created. Throws that Error. Warns of tables with the ledger's names that the role can't
// read.
void require_no_ledger_elsewhere(const Graph& graph, const LedgerState& ledger);

}  // namespace slipway
