#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"

// The target of an upgrade or a downgrade, resolved once. A selector such as +1 counts from the heads when the command
// starts, but the target is absolute. So if another replica moves the database, a new plan towards the same target has
// only the remaining steps, and never a second +1.

namespace slipway {

struct Target {
  Direction direction;
  std::string selector;               // as typed
  std::vector<RevisionId> revisions;  // an upgrade's: these and all below them are to be applied
  std::vector<RevisionId> dropped;    // a downgrade's: these and all above them are to be undone
};

// Both throw Error with usage if the selector can't be followed from `current` (selector.h), and with
// bad_migrations if the graph does not know a row of `current`.

// `base`, and revisions that are applied already, leave nothing to do.
Target resolve_upgrade(const Graph& graph, const Heads& current, std::string_view selector);

// Several targets at once, each counted from the same heads.
Target resolve_upgrade(const Graph& graph, const Heads& current, std::span<const std::string> selectors);

// Down to a revision, which stays; everything that builds on it is undone. BRANCH@ID undoes only what leads to BRANCH.
// `-N` is counted from the only current head, BRANCH@-N from the one on that branch. A revision that is not applied is
// not a valid target.
Target resolve_downgrade(const Graph& graph, const Heads& current, std::string_view selector);

// Throws Error with bad_migrations if the graph does not know a row of `current`.
void require_known(const Graph& graph, const Heads& current);

}  // namespace slipway
