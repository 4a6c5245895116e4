#pragma once

#include <optional>
#include <span>
#include <string>

#include <nlohmann/json.hpp>

#include "graph/graph.h"
#include "ledger/ledger.h"
#include "verify/check.h"

// The findings of `check`, for people and for programs. docs/json-results.md has the JSON, key by key.

namespace slipway {

// One line for each finding: "003 Add an index (migrations/003_add_an_index.sql) is not applied to database 'app'".
std::string as_text(std::span<const Finding> findings);

nlohmann::ordered_json as_json(const Graph& graph, const std::optional<LedgerState>& ledger,
                               std::span<const Finding> findings);

}  // namespace slipway
