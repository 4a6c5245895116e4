#include "runner/bookkeeping.h"

#include <algorithm>

#include "error/error.h"
#include "graph/stamp.h"
#include "runner/attempt.h"
#include "runner/script_error.h"
#include "verify/findings.h"
#include "verify/requirements.h"

namespace slipway {
namespace {

void write_ledger(Session& session, const Ledger& ledger, const LedgerState& state, const std::string& statements) {
  std::string message =
      "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;" + session.set_local() + take_lock(ledger.lock_key(state));
  for (const std::string& statement : ledger.create(session, state))
    message += statement;
  message += ledger.guard(session, state) + statements + "COMMIT;";
  const Outcome outcome = session.run(message);
  if (outcome.end == Outcome::End::lost) throw ConnectionLost{outcome.lost_because};
  if (outcome.end == Outcome::End::done) return;
  session.rollback();
  if (is_locked(*outcome.error) || is_moved(*outcome.error))
    throw Error{ExitCode::try_again, "another session is migrating this database", "try again when it is done"};
  throw ledger_error(*outcome.error);
}

RowChange difference(const Heads& before, const Heads& after) {
  RowChange change;
  std::ranges::copy_if(before, std::back_inserter(change.deleted),
                       [&](const RevisionId& id) { return !after.contains(id); });
  std::ranges::copy_if(after, std::back_inserter(change.inserted),
                       [&](const RevisionId& id) { return !before.contains(id); });
  return change;
}

}  // namespace

void accept(Session& session, const Ledger& ledger, const Graph& graph, const RevisionId& id) {
  const LedgerState state = ledger.read(session);
  const Revision& revision = graph.at(id);
  if (!graph.applied(state.heads).contains(id))
    throw Error{ExitCode::usage, title(revision) + " is not applied, so there is nothing to accept",
                "run it with: slipway upgrade " + id.str()};
  write_ledger(session, ledger, state, ledger.record(session, state, record_of(revision, JournalAction::accept)));
}

std::vector<LedgerRecord> stamp_records(const Graph& graph, const Heads& before, const Heads& after) {
  std::vector<LedgerRecord> records;
  const auto unstamp = [&](const RevisionId& id, const std::string& message) {
    records.push_back({.revision = id, .action = JournalAction::unstamp, .message = message});
  };
  for (const RevisionId& id : graph.unknown(before))
    if (!after.contains(id)) unstamp(id, "");
  const RevisionSet applied_before = graph.applied(before);
  const RevisionSet applied_after = graph.applied(after);
  RevisionSet gone = applied_before;
  gone -= applied_after;
  std::vector<Position> downwards = gone.positions();
  std::ranges::reverse(downwards);
  for (const Position p : downwards)
    unstamp(graph[p].id, graph[p].message);
  RevisionSet come = applied_after;
  come -= applied_before;
  for (const Position p : come.positions())
    records.push_back(record_of(graph[p], JournalAction::stamp));
  return records;
}

StampResult stamp(Session& session, const Ledger& ledger, const Graph& graph, std::span<const std::string> selectors,
                  Purge purge) {
  const LedgerState state = ledger.read(session);
  const Findings findings = verify(graph, state);
  const auto& unfinished = state.journal.unfinished;
  if (purge == Purge::no) {
    if (!findings.unknown.empty())
      throw Error{ExitCode::bad_migrations,
                  "database '" + state.database + "' is at " + Heads{findings.unknown}.str() +
                      ", which the migrations folder does not have",
                  "check that the folder and the database belong together; --purge empties the version table first, "
                  "whatever it holds"};
    require_resumable(state, {}, graph, AheadPolicy::refuse);
  }
  const Stamp planned = purge == Purge::yes ? plan_purging_stamp(graph, state.heads, selectors)
                                            : plan_stamp(graph, state.heads, selectors);
  StampResult result{.database = state.database, .before = state.heads, .after = planned.after};
  const std::vector<LedgerRecord> moved = stamp_records(graph, planned.before, planned.after);
  if (planned.empty() && !(unfinished && purge == Purge::yes)) return result;

  // What another tool had applied is journalled now: an entry above would make it look forgotten.
  std::vector<LedgerRecord> records;
  const RevisionSet applied = graph.applied(planned.after);
  for (const Revision* revision : findings.unjournalled)
    if (applied.contains(revision->id)) records.push_back(record_of(*revision, JournalAction::adopt));
  records.insert(records.end(), moved.begin(), moved.end());
  write_ledger(session, ledger, state,
               (unfinished ? ledger.forget(session, state, unfinished->id) : "") +
                   ledger.move_heads(session, state, planned.rows) +
                   ledger.record_all(session, state, records, Ledger::From::here));
  return result;
}

bool ensure_ledger(Session& session, const Ledger& ledger) {
  const LedgerState state = ledger.read(session);
  if (state.version_table_exists && state.journal_exists) return false;
  write_ledger(session, ledger, state, "");
  return true;
}

void resolve_unfinished(Session& session, const Ledger& ledger, const Graph& graph, const RevisionId& id, Settled how) {
  const LedgerState state = ledger.read(session);
  const auto& unfinished = state.journal.unfinished;
  if (!unfinished || unfinished->revision != id)
    throw Error{ExitCode::usage, id.str() + " was not cut off, so there is nothing to resolve",
                unfinished ? "it is " + unfinished->revision.str() + " that was cut off"
                           : "slipway current shows where the database is"};
  if (how == Settled::retry) {
    write_ledger(session, ledger, state, ledger.forget(session, state, unfinished->id));
    return;
  }
  const Revision& revision = graph.at(id);
  const bool behind_head = graph.applied(state.heads).contains(id) && unfinished->action == JournalAction::upgrade;
  const Direction direction =
      unfinished->action == JournalAction::downgrade ? Direction::downgrade : Direction::upgrade;
  const Heads after = behind_head ? state.heads : heads_after(graph, state.heads, revision, direction);
  write_ledger(session, ledger, state,
               ledger.move_heads(session, state, difference(state.heads, after)) +
                   ledger.record_end(session, state, unfinished->id));
}

}  // namespace slipway
