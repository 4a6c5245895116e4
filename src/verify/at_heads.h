#pragma once

#include <optional>
#include <string>

#include "graph/graph.h"
#include "ledger/ledger.h"
#include "settings/settings.h"

// Whether a database has the schema that this migrations folder makes. Pure.

namespace slipway {

// Why it has not, in one line; empty if it has. A database ahead of the folder will do where `ahead` allows it.
std::optional<std::string> not_at_heads(const Graph& graph, const LedgerState& ledger, AheadPolicy ahead);

}  // namespace slipway
