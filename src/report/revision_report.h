#pragma once

#include <optional>
#include <span>
#include <string>

#include <nlohmann/json.hpp>

#include "graph/graph.h"
#include "ledger/ledger.h"

// Revisions as `current`, `history`, `heads`, `branches` and `show` print them: text in Alembic's forms, which scripts
// parse (report/lines.h), and JSON, which docs/json-results.md describes key by key.

namespace slipway {

// `blocks` is for -v: each revision is printed as the block that `show` prints.
enum class Detail { lines, blocks };

// `listed` is in the order of the graph; the text has the newest first. `current` marks the database's rows; it may be
// empty.
std::string history_as_text(const Graph& graph, std::span<const Position> listed, const Heads& current, Detail detail);

std::string heads_as_text(const Graph& graph, std::span<const Position> listed, Detail detail);

// The branch points, newest first, each with its children.
std::string branches_as_text(const Graph& graph, Detail detail);

// The blocks of these revisions, in their order.
std::string show_as_text(const Graph& graph, std::span<const Position> listed, const Heads& current);

// The tips of the applied revisions: the rows of the version table, and revisions without a row because another branch
// depends on them. A row that the folder does not have is marked " (unknown)".
std::string current_as_text(const Graph& graph, const Heads& current, Detail detail);

// A list of revisions, in the order given; "current" and "applied" only if the database was read.
nlohmann::ordered_json revisions_as_json(const Graph& graph, std::span<const Position> listed,
                                         const std::optional<Heads>& current);

nlohmann::ordered_json branches_as_json(const Graph& graph);

nlohmann::ordered_json current_as_json(const Graph& graph, const LedgerState& ledger);

}  // namespace slipway
