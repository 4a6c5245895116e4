#pragma once

#include <span>
#include <string>
#include <vector>

#include "database/session.h"
#include "graph/graph.h"
#include "ledger/ledger.h"
#include "ledger/record.h"

// What a person settles by hand, because only a person can know: the ledger is written, no script is run. Each is one
// transaction under the lock.
//
// All throw Error: 65 if another schema has this folder's ledger, 64 if the revision is not one that can be settled
// so, 75 if another session holds the lock or has moved the ledger meanwhile, 77 if the role may not write the
// ledger; and ConnectionLost.

namespace slipway {

// Records the upgrade script of today as the one that ran, for an applied revision.
void accept(Session& session, const Ledger& ledger, const Graph& graph, const RevisionId& id);

enum class Resolution {
  done,   // by hand: recorded as done, and the heads moved
  retry,  // to be run again from its first statement
};

enum class Purge { no, yes };

struct StampResult {
  std::string database;
  Heads before;
  Heads after;
};

// Lets the selectors' revisions take the place of the rows on their branches (graph/stamp.h). The journal gets an entry
// for each revision that counts as applied from now on, and for each that no longer does; so what is below a stamp is
// not taken for a revision that was forgotten. With Purge::yes the version table is emptied first, whatever it holds,
// and a script that is unfinished is forgotten. Nothing is written where nothing changes. Throws Error besides: 65
// if the table has a row that the folder does not have, 73 if a part of an unfinished script is done.
StampResult stamp(Session& session, const Ledger& ledger, const Graph& graph, std::span<const std::string> selectors,
                  Purge purge);

// What the journal gets when the database goes from the one to the other without running anything.
std::vector<LedgerRecord> stamp_records(const Graph& graph, const Heads& before, const Heads& after);

// Makes the version table and the journal if they are missing. Returns whether anything was made.
bool ensure_ledger(Session& session, const Ledger& ledger, const Graph& graph);

// For the script without a transaction that began and did not come to its end, also if the folder does not have it.
// `selector` has to name it. If it was finished by hand, its entry takes the checksums of the script as it stands; a
// revision that the folder does not have gets a row beside the others, which are kept: what it revises is not known.
// Returns the revision. Throws Error besides: 65 if it can't be recorded as done from where the database is.
RevisionId resolve_unfinished(Session& session, const Ledger& ledger, const Graph& graph, const std::string& selector,
                              Resolution how);

// Removes the entry of a script of which nothing was done. False if another session holds the lock, or has moved the
// ledger: then nothing was written.
bool forget_unfinished(Session& session, const Ledger& ledger, const LedgerState& state);

}  // namespace slipway
