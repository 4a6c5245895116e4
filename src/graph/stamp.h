#pragma once

#include <span>
#include <string>

#include "graph/graph.h"
#include "graph/plan.h"

// Records revisions as applied in the version table, without running them.

namespace slipway {

struct Stamp {
  Heads before;
  RowChange rows;
  Heads after;

  bool empty() const noexcept { return before == after; }
};

// The targets replace every row on their lineage: the rows below or above them, including dependencies. Rows on other
// branches stay. `base` removes all rows and BRANCH@base those on the branch's lineage; nothing else may stand beside
// `base`. Selectors are absolute (selector.h), for +N and -N an Error with usage. Throws Error with bad_migrations if
// the graph does not know a row of `current`.
Stamp plan_stamp(const Graph& graph, const Heads& current, std::span<const std::string> selectors);

// The same for a table that is emptied first: `current` may be anything.
Stamp plan_purging_stamp(const Graph& graph, const Heads& current, std::span<const std::string> selectors);

}  // namespace slipway
