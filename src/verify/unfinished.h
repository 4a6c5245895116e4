#pragma once

#include <optional>
#include <span>
#include <string>

#include "graph/graph.h"
#include "graph/plan.h"
#include "graph/target.h"
#include "ledger/ledger.h"
#include "settings/settings.h"
#include "sql/statement.h"

// A script without a transaction that began and did not come to its end: how far it came, and how the script as it
// stands now goes on from there. Pure.

namespace slipway {

// Whether the entry is of that step's script.
bool is_of(const JournalEntry& entry, const Step& step);

// "failed after 1 of its 2 statements", or "was cut off after 1 of its 2 statements".
std::string how_far(const JournalEntry& entry);

// A hint: "finish it by hand and record that with `slipway resolve 003 --done`; or undo …"
std::string how_to_resolve(const RevisionId& id);

// How a script goes on. What of it is done must be what it still says: then it goes on behind that, whatever was edited
// there. If nothing is done, it may be any script.
struct Continuation {
  std::size_t from = 0;    // the statement to run next
  bool is_edited = false;  // it is not the script that began
  std::string obstacle{};  // why it can't go on: "a statement that is done was edited since"; empty: it can
};
Continuation continuation(const JournalEntry& entry, const Script& script, std::span<const Statement> statements);

// Puts the unfinished step in front of a plan that has it elsewhere, if nothing else has to come first.
void put_unfinished_first(Plan& plan, const JournalEntry& unfinished, const Graph& graph, const Target& target);

// To be called if nobody is at work on it. Throws Error if the plan can't begin with the unfinished script although a
// part of it is done: 65 if the folder does not have it, unless it may be behind the database; else 73.
void require_resumable(const LedgerState& ledger, const Plan& plan, const Graph& graph, AheadPolicy ahead);

}  // namespace slipway
