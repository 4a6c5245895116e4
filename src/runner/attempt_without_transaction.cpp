#include <algorithm>
#include <chrono>

#include "base/duration.h"
#include "base/text.h"
#include "base/utf8.h"
#include "database/session_settings.h"
#include "error/error.h"
#include "lock/session_lock.h"
#include "log/log.h"
#include "runner/attempt.h"
#include "runner/commit.h"
#include "runner/cut_off_index.h"
#include "runner/deallocate.h"
#include "runner/ledger_error.h"
#include "runner/message.h"
#include "runner/script_error.h"
#include "runner/script_session.h"
#include "runner/script_text.h"
#include "sql/statement.h"
#include "verify/unfinished.h"

namespace slipway {
namespace {

// In a transaction block, the statement fails with this error and does nothing.
bool wants_no_transaction(const ServerError& error) {
  return error.sqlstate == sqlstate::active_sql_transaction ||
         error.sqlstate == sqlstate::invalid_transaction_termination;
}

// One step, from the statement to continue with to its end. A statement that can run in a transaction shares it with
// its record, so that after a crash it is known whether it took effect. For any other statement, the journal says `in
// doubt` before it starts.
class StatementRun {
 public:
  StatementRun(Session& session, ScriptSession& script_session, const Task& task, const RunOptions& options,
               const SessionLock& lock)
      : session_{session},
        script_session_{script_session},
        task_{task},
        options_{options},
        lock_{lock},
        ledger_{task.ledger.statements(session, task.state)},
        script_{script_of(task.step)},
        text_{session, script_},
        statements_{split(text_.script())} {
    for (const Statement& statement : statements_)
      sums_.push_back(extended(sums_.empty() ? std::nullopt : std::optional{sums_.back()}, statement));
  }

  Attempt run() {
    if (std::optional<Attempt> other = begin()) return *other;
    while (next_ < statements_.size())
      if (std::optional<Attempt> other = run_next()) return *other;
    return finish();
  }

 private:
  // Finds where to start, and writes that into the journal. Returns nothing if it succeeded.
  std::optional<Attempt> begin() {
    const auto& unfinished = task_.state.journal.unfinished;
    if (unfinished && is_of(*unfinished, task_.step)) {
      entry_ = unfinished->id;
      return resume(*unfinished);
    }
    Message message;
    message.add(Purpose::role, session_.set_local());
    for (const std::string& statement : ledger_.create())
      message.add(Purpose::create, statement);
    message.add(Purpose::record, ledger_.record_start(record_of(task_.step), progress(0, if_cut_off(0))));
    const Outcome outcome = session_.run(message.text());
    if (outcome.end == Outcome::End::lost) throw ConnectionLost{outcome.lost_because};
    if (outcome.end == Outcome::End::failed) {
      require_primary(session_, *outcome.error);
      throw ledger_error(session_, *outcome.error, message.origin(outcome).purpose);
    }
    entry_ = outcome.results.back().integer(0, 0);
    return std::nullopt;
  }

  std::optional<Attempt> resume(const JournalEntry& entry) {
    so_far_ = title(*task_.step.revision) + " " + how_far(entry);
    const Continuation how = continuation(entry, script_, statements_);
    if (!how.obstacle.empty())
      throw Error{ExitCode::migration_failed,
                  task_.step.revision->location.str() + ": " + so_far_ + ", and " + how.obstacle,
                  "restore the script, and run again; or " + how_to_resolve(entry.revision)};
    next_ = recorded_ = how.from;
    set_again();
    if (next_ < statements_.size()) {
      const Statement& statement = statements_[next_];
      if (entry.state == JournalState::in_doubt && !can_be_repeated(statement))
        throw left_to_a_person(statement,
                               "It is not known whether the next one took effect, and it may not be safe to run it "
                               "twice");
      if (entry.state != JournalState::running) {
        const CutOffIndex left = left_by(session_, statement);
        if (left.nameless && !left.invalid.empty())
          throw left_to_a_person(statement,
                                 "The next one builds an index without a name, and may have left the INVALID index "
                                 "" + left.invalid.front().name);
        if (std::optional<Attempt> other = drop(left)) return other;
        if (left.complete && entry.state == JournalState::in_doubt) ++next_;
      }
    }
    if (how.is_edited && entry.state == JournalState::failed) warn_of_invalid_indexes(session_, entry.revision);
    log::info("revision.resumed",
              so_far_ + (how.is_edited ? "; its script was edited since" : "") +
                  (how.from == 0 ? "; starting with the first one" : "; continuing with the next one"),
              {{"revision", task_.step.revision->id.str()}, {"statements_done", std::int64_t{entry.statements_done}}});
    script_session_.write(ledger_.record_resumption(entry_, record_of(task_.step), progress(next_, if_cut_off(next_))));
    recorded_ = next_;
    return std::nullopt;
  }

  // Repeats the settings of the statements that are done, for those that follow.
  void set_again() {
    for (std::size_t i = 0; i < next_; ++i) {
      const Statement& statement = statements_[i];
      if (statement.session_effect == SessionEffect::objects)
        throw left_to_a_person(statement,
                               "What this statement created was lost with its session, and the next ones may need it");
      if (statement.session_effect != SessionEffect::settings) continue;
      const Outcome outcome = script_session_.run(statement.text, options_.tick);
      if (outcome.end == Outcome::End::failed)
        throw left_to_a_person(statement, "This statement had to be run again, and failed: " + outcome.error->message);
    }
  }

  Error left_to_a_person(const Statement& statement, const std::string& why) const {
    return {ExitCode::migration_failed, script_.at(statement.line).str() + ": " + so_far_ + ". " + why,
            "check whether it took effect; " + how_to_resolve(task_.step.revision->id)};
  }

  std::optional<Attempt> drop(const CutOffIndex& left) {
    for (const auto& [index, may_be_under_way] : left.invalid) {
      if (may_be_under_way) {
        ServerError busy;
        busy.sqlstate = sqlstate::lock_not_available;
        busy.message = "another session locks the table of the INVALID index " + index + ", and may be building it";
        return try_again(busy, {});
      }
      log::info("index.dropped", "dropping the INVALID index " + index + " that an interrupted build left",
                {{"index", index}});
      const Outcome outcome = script_session_.run("DROP INDEX CONCURRENTLY IF EXISTS " + index, options_.tick);
      if (outcome.end == Outcome::End::done) continue;
      if (is_worth_another_try(*outcome.error)) return try_again(*outcome.error, script_session_.lock_timeout());
      throw refused_statement(*outcome.error);
    }
    return std::nullopt;
  }

  // The state in the journal while the statement runs.
  JournalState if_cut_off(std::size_t index) const {
    if (index == statements_.size() || session_.in_transaction()) return JournalState::running;
    return statements_[index].kind == StatementKind::outside_transaction ? JournalState::in_doubt
                                                                         : JournalState::running;
  }

  // The journal's columns if that many statements are done.
  ScriptProgress progress(std::size_t done, JournalState state) const {
    const std::size_t begun = done + (state == JournalState::in_doubt ? 1 : 0);
    return {.state = state,
            .statements_done = static_cast<int>(done),
            .begun = begun == 0 ? statements_checksum({}) : sums_[begun - 1]};
  }

  // Records that all statements before the next one are done. In a transaction that the script opened, the record
  // becomes part of it.
  void record_progress() { record_progress(if_cut_off(next_)); }
  void record_progress(JournalState next) {
    const std::string record = ledger_.record_progress(entry_, progress(next_, next));
    if (session_.in_transaction()) {
      const Outcome outcome = session_.run(record);
      if (outcome.end == Outcome::End::lost) throw ConnectionLost{outcome.lost_because};
      if (outcome.end == Outcome::End::failed) throw script_session_.refused(*outcome.error);
    } else {
      script_session_.write(record);
      recorded_ = next_;
    }
  }

  // Nothing if it went well.
  std::optional<Attempt> run_next() {
    const Statement& statement = statements_[next_];
    bool commits_by_itself = false;
    if (statement.kind == StatementKind::ordinary && !session_.in_transaction()) {
      const Sent sent = run_in_transaction(statement);
      if (sent.outcome.end == Outcome::End::done) {
        recorded_ = ++next_;
        return std::nullopt;
      }
      const ServerError& error = *sent.outcome.error;
      const bool is_the_statements = sent.origin.purpose == Purpose::script;
      if (!is_the_statements || !wants_no_transaction(error)) return failed(error, sent.origin);
      // A block or procedure that commits; it has done nothing yet.
      commits_by_itself = error.sqlstate == sqlstate::invalid_transaction_termination;
      session_.rollback();
      record_progress(JournalState::in_doubt);
    }
    // The statement would accept an INVALID index of that name as its own.
    if (const auto build = index_build(statement); build && build->if_not_exists)
      if (std::optional<Attempt> other = drop(left_by(session_, statement))) return other;
    script_session_.begin(statement);
    Message message;
    message.add_script(statement.text);
    const Outcome outcome = script_session_.run(message.text(), options_.tick);
    if (outcome.end == Outcome::End::failed) {
      if (commits_by_itself) leave_in_doubt(*outcome.error);
      return failed(*outcome.error, message.origin(outcome));
    }
    script_session_.end(statement);
    ++next_;
    record_progress();
    return std::nullopt;
  }

  struct Sent {
    Outcome outcome;
    Origin origin{};  // of a failure
  };

  // Runs the statement together with its record. A statement that may leave a quote open is sent on its own.
  Sent run_in_transaction(const Statement& statement) {
    Message message;
    message.add(Purpose::begin, "BEGIN;\n");
    message.add(Purpose::guard, lock_.guard());
    message.add_script(statement.text);
    if (!is_closed(session_, statement.text)) {
      if (Sent sent = send(message); sent.outcome.end == Outcome::End::failed) return sent;
      message = Message{};
    }
    message.add(Purpose::settings, "\n;\n", 0);
    message.add(Purpose::role, script_session_.set_own_role());
    message.add(Purpose::settings, ledger_.see_all_rows());
    message.add(Purpose::record, ledger_.record_progress(entry_, progress(next_ + 1, if_cut_off(next_ + 1))));
    message.add(Purpose::commit, "COMMIT;");
    return send(message);
  }

  Sent send(const Message& message) {
    Sent sent{.outcome = script_session_.run(message.text(), options_.tick)};
    if (sent.outcome.end == Outcome::End::failed) sent.origin = message.origin(sent.outcome);
    return sent;
  }

  // After a block or procedure has failed, what it had committed before remains.
  [[noreturn]] void leave_in_doubt(const ServerError& error) {
    session_.rollback();
    record_progress(JournalState::in_doubt);
    so_far_ = title(*task_.step.revision) + " failed after " + std::to_string(recorded_) + " of its " +
              std::to_string(statements_.size()) + " statements";
    throw left_to_a_person(statements_[next_], "The next one commits by itself, and failed: " + error.message +
                                                   ". What it had committed before remains");
  }

  Attempt failed(const ServerError& error, const Origin& origin) {
    session_.rollback();  // the script may have opened a transaction of its own
    if (origin.purpose == Purpose::guard && SessionLock::is_lost(error)) throw script_session_.refused(error);
    script_session_.write(ledger_.record_progress(entry_, progress(recorded_, JournalState::failed)));
    if (is_worth_another_try(error)) return try_again(error, script_session_.lock_timeout(statements_[next_]));
    if (origin.purpose != Purpose::script && origin.purpose != Purpose::commit)
      throw ledger_error(session_, error, origin.purpose);
    const Statement& statement = statements_[next_];
    std::optional<std::size_t> position = text_.untranslatable(error);
    if (origin.position) position = count_characters(text_.sql().substr(0, statement.offset)) + *origin.position;
    throw script_error({.revision = *task_.step.revision,
                        .direction = task_.step.direction,
                        .error = error,
                        .position = position,
                        .statement = next_,
                        .aftermath = aftermath(),
                        .strings = strings_of(session_)});
  }

  // The state after a statement failed.
  std::string aftermath() {
    std::string text = "It runs without a transaction: " + std::to_string(recorded_) + " of its " +
                       std::to_string(statements_.size()) + " statements are done, and the next run continues with " +
                       (recorded_ == next_ ? "this one." : "the one after them.");
    if (recorded_ > 0) text += " Do not change the statements that are done.";
    for (const InvalidIndex& index : left_by(session_, statements_[next_]).invalid)
      text += " The INVALID index " + index.name + " is left; the next run drops it.";
    return text;
  }

  Attempt finish() {
    std::string message = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET SESSION AUTHORIZATION DEFAULT;" +
                          lock_.guard() + std::string{synchronous_commit} +
                          script_session_.as_slipway(ledger_.move_heads(task_.step.rows));
    for (const Revision* revision : task_.adopted)
      message += ledger_.record(record_of(*revision, JournalAction::adopt));
    message += ledger_.record_end(entry_, record_of(task_.step));
    message += "SELECT pg_catalog.max(id) FROM " + ledger_.journal_table() + "; COMMIT;";
    const Outcome outcome = commit(session_, *task_.step.revision, message, {});
    if (outcome.end == Outcome::End::failed) {
      session_.rollback();
      throw script_session_.refused(*outcome.error);
    }
    return {.last_entry = outcome.last_row->integer(0, 0)};
  }

  Session& session_;
  ScriptSession& script_session_;
  const Task& task_;
  const RunOptions& options_;
  const SessionLock& lock_;
  LedgerStatements ledger_;
  const Script& script_;
  ScriptText text_;
  std::vector<Statement> statements_;
  std::vector<Checksum> sums_;  // of the first statement, of the first two …: statements_checksum()
  std::string so_far_;          // "003 Index users was cut off after 1 of its 2 statements"; empty if it begins now
  std::int64_t entry_ = 0;
  std::size_t next_ = 0;      // the statement to run
  std::size_t recorded_ = 0;  // the statements that the journal has recorded as done
};

}  // namespace

Attempt attempt_without_transaction(Session& session, const Task& task, const RunOptions& options) {
  const auto sessions = task.session_is_promised ? SessionLock::Sessions::promised : SessionLock::Sessions::unknown;
  std::optional<SessionLock> lock = SessionLock::take(session, task.ledger.lock_key(task.state), sessions);
  if (!lock) return {.end = Attempt::End::locked};
  // Only now is it certain how far another replica got before it died, because no other session writes any more.
  const LedgerState now = task.ledger.read(session);
  if (now.heads != task.state.heads || now.journal.last_id != task.state.journal.last_id ||
      now.journal.unfinished.has_value() != task.state.journal.unfinished.has_value()) {
    lock->release();
    return {.end = Attempt::End::moved};
  }
  if (task.under_lock) task.under_lock(session);
  const Task locked{
      .ledger = task.ledger, .state = now, .step = task.step, .adopted = task.adopted, .policy = task.policy};
  ScriptSession script_session{session, *lock, locked, deallocate(session, prepared_names(script_of(task.step)))};
  Attempt attempt = StatementRun{session, script_session, locked, options, *lock}.run();
  script_session.end();
  return attempt;
}

}  // namespace slipway
