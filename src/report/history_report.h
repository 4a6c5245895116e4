#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "graph/graph.h"
#include "ledger/ledger.h"

// Revisions as `current` and `history` show them, in Alembic's forms where scripts read them.

namespace slipway {

// A line a row of the version table: "002 (head)". A row that the folder does not know has " (unknown)" behind it.
std::string current_as_text(const Graph& graph, const Heads& current);

// {"database", "current": [{"revision", "head", "known"}], "pending": N}
nlohmann::ordered_json current_as_json(const Graph& graph, const LedgerState& ledger);

// A line a revision, newest first: "001 -> 002 (head), Add user fields", "<base> -> 001, Initial schema". With
// `current`, the database's rows are marked " (current)".
std::string history_as_text(const Graph& graph, const std::optional<Heads>& current);

// [{"revision", "revises", "depends_on", "branch_labels", "message", "file", "head", "current"}], newest first;
// "current" and "applied" only where the database was asked.
nlohmann::ordered_json history_as_json(const Graph& graph, const std::optional<Heads>& current);

}  // namespace slipway
