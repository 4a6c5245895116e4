#pragma once

#include <string>

#include "graph/branch_labels.h"
#include "graph/graph.h"

// A revision as a line or a block of text, in the forms that Alembic prints and scripts parse. Labels and children come
// sorted, where Alembic's order changes from run to run.

namespace slipway {

class RevisionLines {
 public:
  // `current` is marked where a form marks it; it may be empty, as where no database was asked. The graph must outlive
  // this.
  RevisionLines(const Graph& graph, Heads current);

  // What `history` has: "001 (b100) -> 002 (billing) (head) (current) (branchpoint) (mergepoint), Message".
  std::string history(Position p) const;

  // What `heads` has: "002 (billing) (head)".
  std::string head(Position p) const;

  // Beside a drawing, which shows the parents: "002 (billing) (head) (current), Message".
  std::string drawn(Position p) const;

  // What `current` has: "002 (head) (mergepoint)".
  std::string current(Position p) const;

  // What `branches` has for a branch point: it, and a line for each child. With -v the branch point is its block, and
  // the children have their messages.
  std::string branches(Position p) const;
  std::string branches_in_full(Position p) const;

  // What `show` and all with -v have: "Rev: 002 (head)", "Parent: 001" …, the message indented, and an empty line.
  std::string block(Position p) const;

 private:
  enum class Message { left_out, added };
  std::string children(Position p, Message message) const;

  const Graph& graph_;
  Heads current_;
  BranchLabels labels_;
};

}  // namespace slipway
