// Work on graphs for valgrind to count (cost_test.cpp): links a random folder and plans an upgrade of all of it.
//
//   graph_work REVISIONS

#include <cstdlib>
#include <utility>

#include "graph/plan.h"
#include "graph/random_graph.h"
#include "graph/target.h"

// Counted from here to its end; a name that nothing mangles.
extern "C" __attribute__((noinline)) std::size_t graph_work(std::vector<slipway::Revision> revisions) {
  const slipway::Graph graph = slipway::Graph::link(std::move(revisions));
  return slipway::plan(graph, {}, slipway::resolve_upgrade(graph, {}, "heads")).steps.size();
}

int main(int count, char* arguments[]) {
  if (count != 2) return 64;
  slipway::test::Chance chance{7};
  const auto revisions = static_cast<std::size_t>(std::strtoul(arguments[1], nullptr, 10));
  const std::size_t steps =
      graph_work(slipway::test::random_revisions(chance, {.revisions = revisions, .most_heads = 30}));
  return steps == revisions ? 0 : 1;
}
