#pragma once

#include <span>
#include <string>

#include "graph/graph.h"
#include "graph/plan.h"

// Telling the version table that revisions are applied, without running them.

namespace slipway {

struct Stamp {
  Heads before;
  RowChange rows;
  Heads after;

  bool empty() const noexcept { return before == after; }
};

// The targets take the place of every row on their lineage: what lies below or above them, dependencies counted. Rows
// on other branches stay. `base` removes all rows and BRANCH@base those on the branch's lineage; nothing else may stand
// beside `base`. Selectors are absolute (selector.h), for +N and -N an Error with usage. Throws Error with
// bad_migrations if the graph does not know a row of `current`.
Stamp plan_stamp(const Graph& graph, const Heads& current, std::span<const std::string> selectors);

// The same for a table that is emptied first, whatever it holds: `current` may be anything.
Stamp plan_purging_stamp(const Graph& graph, const Heads& current, std::span<const std::string> selectors);

}  // namespace slipway
