#pragma once

#include <optional>
#include <string>

#include "graph/graph.h"
#include "ledger/ledger.h"
#include "settings/settings.h"

// Whether a database has the schema that this migrations folder produces. Pure.

namespace slipway {

// The reason if it does not, in one line. A database ahead of the folder is accepted if `ahead` allows it.
std::optional<std::string> not_at_heads(const Graph& graph, const LedgerState& ledger, AheadPolicy ahead);

}  // namespace slipway
