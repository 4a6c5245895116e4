#pragma once

#include <optional>

#include "error/error.h"
#include "graph/graph.h"
#include "ledger/ledger.h"

// A ledger that is missing where it was looked for, while another schema has one of this folder's: the search path was
// changed, and everything would run again. Pure.

namespace slipway {

// Error (bad_migrations): "database 'shop' has no version table in schema app, but alembic_version in schema public is
// at 002", and what to do. Nothing if no other schema says that revisions of this folder are applied.
std::optional<Error> ledger_elsewhere(const Graph& graph, const LedgerState& ledger);

// The same as a warning, for a caller that only reads.
void warn_of_ledger_elsewhere(const Graph& graph, const LedgerState& ledger);

// To be called before a ledger is made. Throws that Error, and warns of tables of the ledger's names
// that the role can't read.
void require_no_ledger_elsewhere(const Graph& graph, const LedgerState& ledger);

}  // namespace slipway
