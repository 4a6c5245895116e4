#include "graph/branch_labels.h"

namespace slipway {
namespace {

// The ancestors of the revision as long as there is only one way down, if the branch above it is one line too. If the
// branch has forked or another depends on it, the label does not apply to the ancestors.
std::vector<Position> below(const Graph& graph, Position declared) {
  const auto stops = [&](Position p) { return graph.above(p).size() > 1 || graph.is_merge(p); };
  Position p = declared;
  for (; !graph.is_head(p); p = graph.children(p).front())
    if (stops(p)) return {};
  if (stops(p)) return {};
  std::vector<Position> found;
  for (p = declared; !graph.is_base(p);) {
    p = graph.parents(p).front();
    if (stops(p)) break;
    found.push_back(p);
  }
  return found;
}

}  // namespace

BranchLabels::BranchLabels(const Graph& graph) : labels_(graph.size()) {
  for (const Graph::Name& name : graph.names()) {
    if (name.kind != Graph::Name::Kind::label) continue;
    for (const Position p : graph.descendants({{name.position}}, Edges::revises).positions())
      labels_[p].push_back(name.text);
    for (const Position p : below(graph, name.position))
      labels_[p].push_back(name.text);
  }
  // The names are sorted, so each list is.
}

}  // namespace slipway
