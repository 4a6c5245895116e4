#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"

// Which branch labels a revision goes by. A label travels with its branch as in Alembic: to every descendant; and
// down as well, while there is one way only, to below the last branch point or merge.

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
