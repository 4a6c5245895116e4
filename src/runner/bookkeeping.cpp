#include "runner/bookkeeping.h"

#include <algorithm>
#include <limits>

#include "error/error.h"
#include "graph/selector.h"
#include "graph/stamp.h"
#include "ledger/statements.h"
#include "log/log.h"
#include "runner/attempt.h"
#include "runner/cut_off_index.h"
#include "runner/ledger_error.h"
#include "runner/message.h"
#include "verify/findings.h"
#include "verify/id_room.h"
#include "verify/ledger_place.h"
#include "verify/unfinished.h"

namespace slipway {
namespace {

enum class Guard { all, journal };

void write_ledger(Session& session, const Ledger& ledger, const LedgerState& state, const std::string& statements,
                  Guard guard = Guard::all) {
  Message message;
  message.add(Purpose::begin, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;");
  message.add(Purpose::role, session.set_local());
  message.add(Purpose::lock, take_lock(ledger.lock_key(state)));
  const LedgerStatements written = ledger.statements(session, state);
  for (const std::string& statement : written.create())
    message.add(Purpose::create, statement);
  for (const std::string& statement : guard == Guard::all ? written.guard() : written.guard_journal())
    message.add(Purpose::guard, statement);
  message.add(Purpose::settings, written.see_all_rows());
  message.add(Purpose::record, statements, std::numeric_limits<std::size_t>::max() / 2);
  const Outcome outcome = session.run(message.text() + "COMMIT;");
  if (outcome.end == Outcome::End::lost) throw ConnectionLost{outcome.lost_because};
  if (outcome.end == Outcome::End::done) return;
  session.rollback();
  const Purpose purpose = message.origin(outcome).purpose;
  if (purpose == Purpose::begin) require_primary(session, *outcome.error);
  if ((purpose == Purpose::lock && is_locked(*outcome.error)) ||
      (purpose == Purpose::guard && is_moved(*outcome.error)))
    throw Error{ExitCode::try_again, "another session is migrating this database", "try again when it is done"};
  throw ledger_error(session, *outcome.error, purpose);
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
  require_no_ledger_elsewhere(graph, state);
  const Revision& revision = graph.at(id);
  if (!graph.applied(state.heads).contains(id))
    throw Error{ExitCode::usage, title(revision) + " is not applied, so there is nothing to accept",
                "run it with: slipway upgrade " + id.str()};
  write_ledger(session, ledger, state,
               ledger.statements(session, state).record(record_of(revision, JournalAction::accept)));
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
  const LedgerState state = purge == Purge::yes ? ledger.read_bad_rows_too(session) : ledger.read(session);
  require_no_ledger_elsewhere(graph, state);
  const Findings findings = verify(graph, state);
  const auto& unfinished = state.journal.unfinished;
  if (purge == Purge::no) {
    if (!findings.unknown.empty())
      throw Error{ExitCode::bad_migrations,
                  "database '" + state.database + "' is at " + Heads{findings.unknown}.str() +
                      ", which the migrations folder does not have",
                  "check that the folder and the database belong together; --purge empties the version table first, "
                  "whatever it holds"};
    if (unfinished && !has_done_nothing(*unfinished)) require_resumable(state, {}, graph, AheadPolicy::refuse);
  }
  const Stamp planned = purge == Purge::yes ? plan_purging_stamp(graph, state.heads, selectors)
                                            : plan_stamp(graph, state.heads, selectors);
  require_room_for_ids(graph, state, planned.after);
  StampResult result{.database = state.database, .before = state.heads, .after = planned.after};
  const std::vector<LedgerRecord> moved = stamp_records(graph, planned.before, planned.after);
  if (planned.empty() && state.bad_rows.empty() && !(unfinished && purge == Purge::yes)) return result;

  // Revisions that another tool had applied are added to the journal now. With only a later entry, they would look as
  // if they had never run.
  std::vector<LedgerRecord> records;
  const RevisionSet applied = graph.applied(planned.after);
  for (const Revision* revision : findings.unjournalled)
    if (applied.contains(revision->id)) records.push_back(record_of(*revision, JournalAction::adopt));
  records.insert(records.end(), moved.begin(), moved.end());
  const LedgerStatements written = ledger.statements(session, state);
  write_ledger(session, ledger, state,
               (unfinished ? written.forget(unfinished->id) : "") +
                   (purge == Purge::yes ? written.replace_heads(planned.after) : written.move_heads(planned.rows)) +
                   written.record_all(records, LedgerStatements::From::here),
               purge == Purge::yes ? Guard::journal : Guard::all);
  return result;
}

bool ensure_ledger(Session& session, const Ledger& ledger, const Graph& graph) {
  const LedgerState state = ledger.read(session);
  require_no_ledger_elsewhere(graph, state);
  if (state.version_table_exists && state.journal_exists) return false;
  write_ledger(session, ledger, state, "");
  return true;
}

namespace {

bool is_named(const Graph& graph, const std::string& selector, const RevisionId& unfinished) {
  return selector == unfinished.str() ||
         (graph.contains(unfinished) &&
          resolve_revision(graph, Selector::parse(selector)) == graph.position(unfinished));
}

// The heads after the unfinished step. Another session may have moved the database in the meantime.
Heads heads_when_done(const Graph& graph, const Heads& heads, const JournalEntry& entry) {
  const RevisionId& id = entry.revision;
  const auto refuse = [&](const std::string& why, const std::string& fix) {
    return Error{ExitCode::bad_migrations,
                 "the " + std::string{word(entry.action)} + " of " + id.str() + " can't be recorded as done: " + why,
                 fix};
  };
  const std::string retry = "discard its progress with `slipway resolve " + id.str() + " --retry`";
  const bool up = entry.action != JournalAction::downgrade;
  if (!graph.contains(id)) {
    if (!up && heads.contains(id))
      throw refuse("the migrations folder does not have it, so its parents are not known",
                   "use an image that has it; or " + retry);
    Heads after = heads;
    if (up) after.insert(id);
    return after;
  }
  const RevisionSet applied = graph.applied(heads);
  const Position position = *graph.position(id);
  if (applied.contains(position) == up) return heads;
  const auto needed = up ? graph.below(position) : graph.above(position);
  const auto in_the_way = std::ranges::find_if(needed, [&](Position p) { return applied.contains(p) != up; });
  if (in_the_way != needed.end())
    throw refuse(
        graph[*in_the_way].id.str() + (up ? ", which it needs, is not applied" : " builds on it, and is applied"),
        "correct the recorded revisions with `slipway stamp`; or " + retry);
  return heads_after(graph, heads, graph.at(id), up ? Direction::upgrade : Direction::downgrade);
}

// The journal's entry for the present script; nothing if the folder does not have it.
std::optional<LedgerRecord> script_at_hand(const Graph& graph, const JournalEntry& entry) {
  if (!graph.contains(entry.revision)) return std::nullopt;
  const Revision& revision = graph.at(entry.revision);
  if (entry.action != JournalAction::downgrade) return record_of(revision, JournalAction::upgrade);
  return revision.downgrade ? std::optional{record_of(revision, JournalAction::downgrade)} : std::nullopt;
}

}  // namespace

RevisionId resolve_unfinished(Session& session, const Ledger& ledger, const Graph& graph, const std::string& selector,
                              Resolution how) {
  const LedgerState state = ledger.read(session);
  require_no_ledger_elsewhere(graph, state);
  const auto& unfinished = state.journal.unfinished;
  if (!unfinished)
    throw Error{ExitCode::usage, "no script is unfinished, so there is nothing to resolve",
                "`slipway current` shows which revision the database is at"};
  if (!is_named(graph, selector, unfinished->revision))
    throw Error{ExitCode::usage, "'" + selector + "' is not the unfinished script",
                "it is " + unfinished->revision.str() + " that " + how_far(*unfinished)};
  const LedgerStatements written = ledger.statements(session, state);
  if (how == Resolution::retry) {
    write_ledger(session, ledger, state, written.forget(unfinished->id));
    if (unfinished->state != JournalState::running) warn_of_invalid_indexes(session, unfinished->revision);
    return unfinished->revision;
  }
  const Heads after = heads_when_done(graph, state.heads, *unfinished);
  require_room_for_ids(graph, state, after);
  write_ledger(session, ledger, state,
               written.move_heads(difference(state.heads, after)) +
                   written.record_end(unfinished->id, script_at_hand(graph, *unfinished)));
  return unfinished->revision;
}

bool forget_unfinished(Session& session, const Ledger& ledger, const LedgerState& state) {
  const JournalEntry& entry = *state.journal.unfinished;
  try {
    write_ledger(session, ledger, state, ledger.statements(session, state).forget(entry.id));
  } catch (const Error& error) {
    if (error.exit_code() == ExitCode::try_again) return false;
    throw;
  }
  log::info("revision.forgotten",
            "the " + std::string{word(entry.action)} + " of " + entry.revision.str() + " " + how_far(entry) +
                ", so its entry was removed from the journal",
            {{"revision", entry.revision.str()}});
  if (entry.state == JournalState::failed) warn_of_invalid_indexes(session, entry.revision);
  return true;
}

}  // namespace slipway
