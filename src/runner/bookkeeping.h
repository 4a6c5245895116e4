#pragma once

#include <span>
#include <string>
#include <vector>

#include "database/session.h"
#include "graph/graph.h"
#include "ledger/ledger.h"
#include "ledger/record.h"

// Changes of the ledger that a person decides on: no script is run. Each is one transaction under the lock.
//
// All throw Error: 65 if another schema has this folder's ledger, 64 if this is not possible for the revision, 75 if
// another session holds the lock or has moved the ledger, 77 if the role may not write the ledger; and ConnectionLost.

namespace slipway {

// Records the present upgrade script of an applied revision as the one that ran.
void accept(Session& session, const Ledger& ledger, const Graph& graph, const RevisionId& id);

enum class Resolution {
  done,   // it was finished by hand: record it as done, and move the heads
  retry,  // run it again from its first statement
};

enum class Purge { no, yes };

struct StampResult {
  std::string database;
  Heads before;
  Heads after;
};

// Replaces the rows on the selectors' branches with the selectors' revisions (graph/stamp.h). The journal gets an entry
// for each revision that counts as applied from now on, and for each that no longer does, so that a revision below a
// stamp does not look like one that never ran. Purge::yes first empties the version table and forgets an unfinished
// script. If nothing changes, nothing is written. Throws Error besides: 65 if the table has a row that the folder does
// not have, 73 if a part of an unfinished script is done.
StampResult stamp(Session& session, const Ledger& ledger, const Graph& graph, std::span<const std::string> selectors,
                  Purge purge);

// The journal's entries for a move from one set of heads to another without running a script.
std::vector<LedgerRecord> stamp_records(const Graph& graph, const Heads& before, const Heads& after);

// Creates the version table and the journal if they are missing. Returns whether it created anything.
bool ensure_ledger(Session& session, const Ledger& ledger, const Graph& graph);

// Resolves the unfinished script without a transaction, which the folder need not have any more. `selector` must name
// it. If it was finished by hand, its entry gets the checksums of the present script. A revision that the folder does
// not have gets an additional row, because its parents are not known. Returns the revision. Throws Error besides: 65 if
// it can't be recorded as done from where the database is.
RevisionId resolve_unfinished(Session& session, const Ledger& ledger, const Graph& graph, const std::string& selector,
                              Resolution how);

// Removes the entry of an unfinished script that has done nothing. Returns false, and writes nothing, if another
// session holds the lock or has moved the ledger.
bool forget_unfinished(Session& session, const Ledger& ledger, const LedgerState& state);

}  // namespace slipway
