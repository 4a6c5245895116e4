#include "report/drawing.h"

#include <set>

#include <gtest/gtest.h>

#include "graph/random_graph.h"
#include "graph/shape.h"

namespace slipway {
namespace {

using test::revisions;

std::vector<Position> all_of(const Graph& graph) {
  return graph.descendants(graph.bases(), Edges::all).positions();
}

std::string drawn(std::initializer_list<std::string> lines) {
  const Graph graph = Graph::link(revisions(lines));
  std::string text = "\n";
  for (const RowText& row : as_text(draw(graph, all_of(graph), Drawn::parents), std::string(graph.size(), '*'))) {
    for (const std::string& line : row.above)
      text += line + "\n";
    text += row.node + graph[row.revision].id.str() + "\n";
    for (const std::string& line : row.below)
      text += line + "\n";
  }
  return text;
}

TEST(Drawing, ALineIsALine) {
  EXPECT_EQ(drawn({"a1", "a2 <- a1", "a3 <- a2"}), R"(
* a3
* a2
* a1
)");
}

TEST(Drawing, ABranchPointJoinsItsBranches) {
  EXPECT_EQ(drawn({"a1", "a2 <- a1", "b2 <- a1", "b3 <- b2"}), R"(
* b3
* b2
| * a2
|/
* a1
)");
}

TEST(Drawing, AMergeOpensALaneForEachFurtherParent) {
  EXPECT_EQ(drawn({"a1", "a2 <- a1", "b2 <- a1", "b3 <- b2", "c4 <- a2 b3"}), R"(
* c4
|\
| * b3
| * b2
* | a2
|/
* a1
)");
}

TEST(Drawing, LinesOfTheirOwnStandBesideOneAnother) {
  EXPECT_EQ(drawn({"a1", "a2 <- a1", "b1", "b2 <- b1 ; a2"}), R"(
* b2
* b1
* a2
* a1
)");
}

TEST(Drawing, LanesCrossWhatGoesBy) {
  EXPECT_EQ(drawn({"a1", "b2 <- a1", "c2 <- a1", "d2 <- a1", "e3 <- c2", "f3 <- d2"}), R"(
* f3
* d2
| * e3
| * c2
| | * b2
| |/
|/
* a1
)");
}

// Whatever the graph: each revision once, below all that build on it, and each edge's lane kept free from one end to
// the other.
TEST(Drawing, NoLineRunsThroughARevision) {
  test::Chance chance{5};
  for (int i = 0; i < 300; ++i) {
    const Graph graph = Graph::link(test::random_revisions(
        chance, {.revisions = chance.between(1, 60), .bases = 10, .branches = 25, .merges = 20, .odd_merges = 3}));
    std::vector<std::size_t> row_of(graph.size());
    std::set<Position> seen;
    const std::vector<DrawnRow> rows = draw(graph, all_of(graph), Drawn::dependencies_too);
    ASSERT_EQ(rows.size(), graph.size());
    for (std::size_t row = 0; row < rows.size(); ++row) {
      row_of[rows[row].revision] = row;
      for (const Position above : graph.above(rows[row].revision))
        ASSERT_TRUE(seen.contains(above));
      seen.insert(rows[row].revision);
    }
    for (std::size_t row = 0; row < rows.size(); ++row)
      for (const DrawnEdge& edge : rows[row].edges)
        for (std::size_t between = row + 1; between < row_of[edge.to]; ++between)
          ASSERT_NE(rows[between].lane, edge.lane);
  }
}

}  // namespace
}  // namespace slipway
