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

// A script without a transaction that was started and not finished: how far it got, and how the present script
// continues from there. Pure.

namespace slipway {

// Whether the entry is for that step's script.
bool is_of(const JournalEntry& entry, const Step& step);

// "failed after 1 of its 2 statements", or "was cut off after 1 of its 2 statements".
std::string how_far(const JournalEntry& entry);

// A hint: "finish it by hand and record that with `slipway resolve 003 --done`; or undo …"
std::string how_to_resolve(const RevisionId& id);

// How a script continues. The statements that are done must be unchanged; the rest may have been edited. If nothing is
// done, it may be any script.
struct Continuation {
  std::size_t from = 0;    // the statement to run next
  bool is_edited = false;  // it is not the script that was started
  std::string obstacle{};  // why it can't go on: "a statement that is done was edited since"; empty: it can
};
Continuation continuation(const JournalEntry& entry, const Script& script, std::span<const Statement> statements);

// Moves the unfinished step to the front of the plan, if no other step has to come first.
void put_unfinished_first(Plan& plan, const JournalEntry& unfinished, const Graph& graph, const Target& target);

// Call this if no other session is running the script. Throws Error if a part of it is done and the plan can't begin
// with it: 65 if the folder does not have it and --ahead does not allow that, otherwise 73.
void require_resumable(const LedgerState& ledger, const Plan& plan, const Graph& graph, AheadPolicy ahead);

}  // namespace slipway
