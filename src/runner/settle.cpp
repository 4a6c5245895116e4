#include "runner/settle.h"

#include <algorithm>

#include "error/error.h"
#include "runner/attempt.h"
#include "runner/script_error.h"

namespace slipway {
namespace {

void write_ledger(Session& session, const Ledger& ledger, const LedgerState& state, const std::string& statements) {
  std::string message =
      "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;" + session.set_role() + take_lock(ledger.lock_key(state));
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
