#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "graph/graph.h"

// The layout of the graph: one row per revision, newest first, and lanes for the lines between them. Used by
//   1) `history --graph`, as text,
//   2) `history --format html`, as SVG.
// Each branch is drawn to its end before the next one begins, unless that would put a revision above one that builds on
// it.

namespace slipway {

struct DrawnEdge {
  Position to;
  std::size_t lane;  // in which the line runs down, from the row below its revision to the row of `to`
  bool is_dependency;
};

struct DrawnRow {
  Position revision;
  std::size_t lane;
  std::vector<std::size_t> passing;  // lanes that pass by, ascending
  std::vector<std::size_t> ending;   // lanes to the right that end at it, ascending
  std::vector<DrawnEdge> edges;      // to its parents and its dependencies
};

enum class Drawn { parents, dependencies_too };

// Only the listed revisions are drawn, and the lines between them.
std::vector<DrawnRow> draw(const Graph& graph, std::span<const Position> listed, Drawn what);

// The prefix of a revision's lines in a terminal.
struct RowText {
  Position revision;
  std::vector<std::string> above;  // lines that lead to it
  std::string node;                // "| * "
  std::string beside;              // in front of further lines of text about it: "| | "
  std::vector<std::string> below;  // lines that lead away from it
};

// `node` is the character of each revision, in the order of the graph.
std::vector<RowText> as_text(const std::vector<DrawnRow>& rows, const std::string& nodes);

}  // namespace slipway
