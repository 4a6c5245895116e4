#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "graph/target.h"

// The way of a database from its current heads to a target: ordered steps, each with its changes to the version table.
// Pure; the runner carries it out.
//
// An upgrade applies parents and dependencies first, the lower id first between independent branches; a
// downgrade goes the same way backwards, so a dependent goes before what it depends on.

namespace slipway {

// The changes of one step to the version table, in Alembic's form and order: deleted rows, one updated row, inserted
// rows.
struct RowChange {
  struct Update {
    RevisionId from;
    RevisionId to;
    friend bool operator==(const Update&, const Update&) = default;
  };
  std::vector<RevisionId> deleted;
  std::optional<Update> updated;
  std::vector<RevisionId> inserted;

  Heads applied_to(Heads before) const;
  friend bool operator==(const RowChange&, const RowChange&) = default;
};

struct Step {
  const Revision* revision;  // of the graph, never null
  Direction direction;
  RowChange rows;
};

// The script that a step runs. Throws Error (bad_migrations) if a downgrade is asked for and the revision has none.
const Script& script_of(const Step& step);

// The rows before a step are `before` with the changes of all earlier steps. A plan has no copy for each step, because
// wide graphs have many rows.
struct Plan {
  Heads before;
  std::vector<Step> steps;  // none if nothing is to be done
  Heads after;              // equals `before` if nothing is to be done

  bool empty() const noexcept { return steps.empty(); }
};

// The way from `current` to the target, even if another replica has moved the database since the target was resolved.
// Throws Error with bad_migrations if the graph does not know a row of `current`. The graph must outlive the plan.
Plan plan(const Graph& graph, const Heads& current, const Target& target);

// The rows that Alembic leaves after one step: the applied revisions on which no applied one builds. A
// revision that another one depends on is implied by that one and has no row. Rows that the graph does not
// know stay.
//
// Throws Error with internal if the step is impossible: a parent or a dependency is missing, the revision
// is applied already, or something builds on what is to be undone.
Heads heads_after(const Graph& graph, const Heads& before, const Revision& revision, Direction direction);

}  // namespace slipway
