#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"

// The branch labels of a revision. As in Alembic, a label applies to every descendant, and to the ancestors up to the
// last branch point or merge.

namespace slipway {

class BranchLabels {
 public:
  explicit BranchLabels(const Graph& graph);

  // Sorted. Valid while the graph is.
  const std::vector<std::string_view>& of(Position p) const { return labels_[p]; }

 private:
  std::vector<std::vector<std::string_view>> labels_;
};

}  // namespace slipway
