#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"
#include "ledger/ledger.h"

// The migrations folder held against the ledger: what does not fit. Pure; what is to be done about it is the runner's.

namespace slipway {

// How an applied revision's upgrade script differs from the one that ran.
enum class Edit {
  none,
  layout,  // comments and white space: nothing that the server sees
  statements,
};

Edit edit_of(const Revision& revision, const JournalEntry& entry);

// "has 3 statements, and 2 when it ran", or "a statement is not the one that ran".
std::string describe_edit(const Revision& revision, const JournalEntry& entry);

struct Findings {
  std::vector<RevisionId> unknown;            // rows of the version table that the folder does not have
  std::vector<const Revision*> edited;        // applied, and their statements changed since
  std::vector<const Revision*> reformatted;   // applied, and only their layout changed since
  std::vector<const Revision*> out_of_order;  // behind a revision that ran, and never ran themselves
  std::vector<const Revision*> unjournalled;  // applied by another tool: in front of all that the journal has seen
};

// `graph` must outlive the findings, which point into it; lists are in the order of the graph. Scripts are read only
// where their bytes changed.
Findings verify(const Graph& graph, const LedgerState& ledger);

}  // namespace slipway
