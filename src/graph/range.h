#pragma once

#include <string_view>
#include <vector>

#include "graph/graph.h"

// `history -r FROM:TO`, with Alembic's meaning: TO and all that it builds on, dependencies included; where FROM is
// given, only FROM and what revises it. Either may be left out: FROM is then base, TO is heads.
//
//   FROM  an absolute selector, `current`, or -N: N revisions below TO. BRANCH@base keeps to the branch
//   TO    an absolute selector, `current`, or +N: N revisions above FROM
//
// Walks end at base and at the heads; they need not find all N.

namespace slipway {

// Oldest first. Throws Error with usage if `text` is not a range, or if TO does not build on FROM.
std::vector<Position> resolve_range(const Graph& graph, const Heads& current, std::string_view text);

// Whether the range needs to know what is applied.
bool names_current(std::string_view range);

}  // namespace slipway
