#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"
#include "ledger/ledger.h"

// Compares the migrations folder with the ledger. Pure; requirements.h decides what to do about the findings.

namespace slipway {

// How an applied revision's upgrade script differs from the one that ran.
enum class Edit {
  none,
  layout,  // only comments and white space
  statements,
};

Edit edit_of(const Revision& revision, const JournalEntry& entry);

// "it has 3 statements now, but had 2 when it ran", or "one of its statements was changed".
std::string describe_edit(const Revision& revision, const JournalEntry& entry);

struct Findings {
  std::vector<RevisionId> unknown;            // rows of the version table that the folder does not have
  std::vector<const Revision*> edited;        // applied, and their statements were changed later
  std::vector<const Revision*> reformatted;   // applied, and only their layout was changed later
  std::vector<const Revision*> out_of_order;  // never ran, although a later revision did
  std::vector<const Revision*> unjournalled;  // applied by another tool before the journal was created
};

// `graph` must outlive the findings, which point into it. Lists are in the order of the graph. Scripts are parsed only
// if their bytes have changed.
Findings verify(const Graph& graph, const LedgerState& ledger);

}  // namespace slipway
