#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "graph/graph.h"

// The graph as a picture: one row a revision, newest first, and lanes for the lines between them. Serves
//   1) `history --graph`, as text,
//   2) `history --format html`, as SVG.
// A branch is drawn to its end before the next one begins, as far as what is above comes first.

namespace slipway {

struct DrawnEdge {
  Position to;
  std::size_t lane;  // that it runs down in, from the row below its revision to where its end is
  bool is_dependency;
};

struct DrawnRow {
  Position revision;
  std::size_t lane;
  std::vector<std::size_t> passing;  // lanes that go by, ascending
  std::vector<std::size_t> ending;   // lanes right of its own that end in it, ascending
  std::vector<DrawnEdge> edges;      // to its parents, and to what it depends on
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
