#pragma once

#include <string>

#include "graph/branch_labels.h"
#include "graph/graph.h"

// A revision as a line or a block of text, in the forms that Alembic prints and scripts parse. Labels and children are
// sorted, whereas Alembic's order changes from run to run.

namespace slipway {

class RevisionLines {
 public:
  // The revisions in `current` are marked in the forms that have such a mark. It may be empty, for example if no
  // database was queried. The graph must outlive this.
  RevisionLines(const Graph& graph, Heads current);

  // The line of `history`: "001 (b100) -> 002 (billing) (head) (current) (branchpoint) (mergepoint), Message".
  std::string history(Position p) const;

  // The line of `heads`: "002 (billing) (head)".
  std::string head(Position p) const;

  // The line beside a drawing, which shows the parents itself: "002 (billing) (head) (current), Message".
  std::string drawn(Position p) const;

  // The line of `current`: "002 (head) (mergepoint)".
  std::string current(Position p) const;

  // The text of `branches` for a branch point: its line, and a line for each child. With -v, the branch point is a
  // block, and the children have their messages.
  std::string branches(Position p) const;
  std::string branches_in_full(Position p) const;

  // The text of `show`, and of the other commands with -v: "Rev: 002 (head)", "Parent: 001" …, an empty line, and the
  // message, indented.
  std::string block(Position p) const;

 private:
  enum class Message { left_out, added };
  std::string children(Position p, Message message) const;

  const Graph& graph_;
  Heads current_;
  BranchLabels labels_;
};

}  // namespace slipway
