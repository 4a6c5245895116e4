#pragma once

#include <string>

#include "graph/branch_labels.h"
#include "graph/graph.h"

// A revision as a line or a block of text, in the forms that Alembic prints and scripts parse. Labels and children are
// sorted; Alembic's order changes from run to run.

namespace slipway {

class RevisionLines {
 public:
  // `current` is marked in the forms that mark it; it is empty if no database was read. The graph must outlive this.
  RevisionLines(const Graph& graph, Heads current);

  // The form of `history`: "001 (b100) -> 002 (billing) (head) (current) (branchpoint) (mergepoint), Message".
  std::string history(Position p) const;

  // The form of `heads`: "002 (billing) (head)".
  std::string head(Position p) const;

  // The line beside a drawing, which shows the parents itself: "002 (billing) (head) (current), Message".
  std::string drawn(Position p) const;

  // The form of `current`: "002 (head) (mergepoint)".
  std::string current(Position p) const;

  // The form of `branches` for a branch point: itself, and a line for each child. With -v the branch point is its
  // block, and the children have their messages.
  std::string branches(Position p) const;
  std::string branches_in_full(Position p) const;

  // The form of `show` and -v: "Rev: 002 (head)", "Parent: 001" …, the message indented, and an empty line.
  std::string block(Position p) const;

 private:
  enum class Message { left_out, added };
  std::string children(Position p, Message message) const;

  const Graph& graph_;
  Heads current_;
  BranchLabels labels_;
};

}  // namespace slipway
