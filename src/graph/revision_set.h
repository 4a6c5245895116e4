#pragma once

#include <span>
#include <vector>

#include "graph/adjacency.h"
#include "revision/revision.h"

// A set of revisions of one graph, such as the applied ones. It has a bit for each revision, so union, intersection and
// difference are fast. The graph must outlive the set.

namespace slipway {

class Graph;

class RevisionSet {
 public:
  explicit RevisionSet(const Graph& graph);

  bool contains(Position position) const { return members_[position]; }
  bool contains(const RevisionId& id) const;  // false for what the graph does not know

  void insert(Position position) { members_[position] = true; }
  void erase(Position position) { members_[position] = false; }

  bool empty() const;
  std::size_t size() const;  // counted

  // The members, lowest first: parents and dependencies before what builds on them.
  std::vector<Position> positions() const;
  std::vector<RevisionId> ids() const;

  // Those of the positions that are members, in the order given.
  std::vector<Position> filter(std::span<const Position> positions) const;

  RevisionSet& operator|=(const RevisionSet& other);
  RevisionSet& operator&=(const RevisionSet& other);
  RevisionSet& operator-=(const RevisionSet& other);

 private:
  const Graph* graph_;
  std::vector<bool> members_;
};

}  // namespace slipway
