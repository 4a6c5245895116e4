#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "ledger/ledger.h"
#include "report/revision_report.h"

// Draws the graph: in the terminal, for Graphviz and Mermaid, and as a page for a browser. All take the listed
// revisions, in the order of the graph, and the database's state if it was read.

namespace slipway {

struct AppliedHistory {
  LedgerState ledger;
  std::vector<JournalEvent> events{};  // for the page
};

// In the style of `git log --graph`. A node is `@` for a row of the version table, `o` if it is pending, otherwise `*`.
std::string history_as_drawing(const Graph& graph, std::span<const Position> listed,
                               const std::optional<AppliedHistory>& applied, Detail detail);

// Dependencies are dashed in all three.
std::string history_as_dot(const Graph& graph, std::span<const Position> listed,
                           const std::optional<AppliedHistory>& applied);
std::string history_as_mermaid(const Graph& graph, std::span<const Position> listed,
                               const std::optional<AppliedHistory>& applied);

// One HTML file that needs nothing else: the graph, states, times, and each script on click.
std::string history_as_page(const Graph& graph, std::span<const Position> listed,
                            const std::optional<AppliedHistory>& applied);

}  // namespace slipway
