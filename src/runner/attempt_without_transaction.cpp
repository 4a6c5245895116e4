#include <algorithm>
#include <charconv>

#include "error/error.h"
#include "log/log.h"
#include "revision/statement.h"
#include "runner/attempt.h"
#include "runner/script_error.h"
#include "runner/session_reset.h"

namespace slipway {
namespace {

std::int64_t number(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string milliseconds(std::chrono::milliseconds duration) {
  return std::to_string(duration.count());
}

enum class SessionLock { taken, locked };

SessionLock take_session_lock(Session& session, std::int64_t key) {
  const auto rows =
      session.query("SELECT pg_catalog.pg_backend_pid(), pg_catalog.pg_try_advisory_lock(" + std::to_string(key) + ")");
  const Rows& answer = rows.back();
  // libpq was told the pid at connecting. A pooler makes one up, and hands each transaction to another backend.
  if (number(answer.text(0, 0)) != session.backend_pid())
    throw Error{
        ExitCode::bad_configuration,
        "a script without a transaction needs a session of its own, and there is a connection pooler in between",
        "let slipway connect to the server directly: give it MIGRATION_DATABASE_URL, and the application its own "
        "DATABASE_URL"};
  return answer.is_true(0, 1) ? SessionLock::taken : SessionLock::locked;
}

void release(Session& session, std::int64_t key) {
  session.query(std::string{session_reset} + "SELECT pg_catalog.pg_advisory_unlock(" + std::to_string(key) + ")");
}

std::string set_session_role(const Session& session) {
  // "SET LOCAL ROLE x" outside a transaction sets nothing.
  std::string role = session.set_role();
  if (const auto local = role.find("LOCAL "); local != std::string::npos) role.erase(local, 6);
  return role;
}

std::string settings(const Session& session, const Script& script, const RunPolicy& policy) {
  return std::string{session_reset} +
         "SET default_transaction_isolation = 'read committed'; "
         "SET default_transaction_read_only = off; SET lock_timeout = " +
         milliseconds(script.lock_timeout.value_or(policy.lock_timeout)) +
         "; SET statement_timeout = " + milliseconds(script.statement_timeout.value_or(policy.statement_timeout)) +
         "; " + set_session_role(session);
}

// One step, from where it stands to its end.
class StatementRun {
 public:
  StatementRun(Session& session, const Task& task, const RunOptions& options)
      : session_{session}, task_{task}, options_{options}, script_{script_of(task.step)}, statements_{split(script_)} {}

  Attempt run() {
    const std::size_t first = begin();
    for (std::size_t i = first; i < statements_.size(); ++i) {
      if (std::optional<Attempt> other = run_statement(i)) return *other;
    }
    return finish();
  }

 private:
  // Where to start, with an entry in the journal that says so.
  std::size_t begin() {
    const auto& unfinished = task_.state.journal.unfinished;
    if (unfinished) {
      entry_ = unfinished->id;
      return resume(*unfinished);
    }
    std::string message = session_.set_role();
    for (const std::string& statement : task_.ledger.create(session_, task_.state))
      message += statement;
    message += task_.ledger.record_start(session_, task_.state, record_of(task_.step));
    const Outcome outcome = session_.run(message);
    if (outcome.end == Outcome::End::lost) throw ConnectionLost{outcome.lost_because};
    if (outcome.end == Outcome::End::failed) throw ledger_error(*outcome.error);
    entry_ = number(outcome.results.back().text(0, 0));
    return 0;
  }

  std::size_t resume(const JournalEntry& entry) {
    const Revision& revision = *task_.step.revision;
    const std::string done =
        std::to_string(entry.statements_done) + " of its " + std::to_string(entry.statements) + " statements";
    const std::string what = title(revision) + " was cut off after " + done;
    const std::string continues = "`slipway resolve " + revision.id.str() +
                                  " --retry` runs it from its first statement; `slipway resolve " + revision.id.str() +
                                  " --done` records it as done";
    if (entry.token_checksum && token_checksum(script_) != *entry.token_checksum)
      throw Error{ExitCode::migration_failed,
                  revision.location.str() + ": " + what + ", and its script was edited since",
                  "restore the script, or finish by hand; then " + continues};
    const auto next = static_cast<std::size_t>(entry.statements_done);
    if (next < statements_.size() && entry.state == JournalState::running &&
        statements_[next].repeatability == Repeatability::once)
      throw Error{ExitCode::migration_failed,
                  SourceLocation{revision.location.file, statements_[next].line}.str() + ": " + what +
                      ". Whether the next one took effect is not known, and it may not be safe to run twice",
                  "look whether it took effect, finish by hand; then " + continues};
    log::info("revision.resumed", what + "; going on with the next one",
              {{"revision", revision.id.str()}, {"statements_done", std::int64_t{entry.statements_done}}});
    if (next == statements_.size() || statements_[next].repeatability != Repeatability::index_build ||
        clear_index(statements_[next]) == IndexLeft::none)
      return next;
    session_.query(task_.ledger.record_progress(session_, task_.state, entry_, entry.statements_done + 1));
    return next + 1;
  }

  // What a cut-off CREATE INDEX CONCURRENTLY left (PostgreSQL: "Building Indexes Concurrently"): an INVALID index,
  // which is dropped, or the whole index, with only the record of it missing.
  enum class IndexLeft { none, complete };

  IndexLeft clear_index(const Statement& statement) {
    const auto build = index_build(statement);
    if (!build || !build->name) return IndexLeft::none;
    const std::string schema = build->schema ? "n.nspname = " + session_.literal(*build->schema)
                                             : std::string{"pg_catalog.pg_table_is_visible(t.oid)"};
    const auto rows = session_.query(
        "SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), i.indisvalid FROM "
        "pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_class t ON "
        "t.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = " +
        session_.literal(*build->name) + " AND t.relname = " + session_.literal(build->table) + " AND " + schema);
    if (rows.back().size() == 0) return IndexLeft::none;
    if (rows.back().is_true(0, 1)) return IndexLeft::complete;
    const std::string index = rows.back().text(0, 0);
    log::info("index.dropped", "dropping the INVALID index " + index + " that a cut-off build left",
              {{"index", index}});
    const Outcome outcome = run_script("DROP INDEX CONCURRENTLY IF EXISTS " + index);
    if (outcome.end == Outcome::End::failed) throw ledger_error(*outcome.error);
    return IndexLeft::none;
  }

  Outcome run_script(const std::string& sql) {
    Outcome outcome = session_.run(sql, {.keep = RunOptions::Keep::last_row, .tick = options_.tick});
    if (outcome.end == Outcome::End::lost) throw ConnectionLost{outcome.lost_because};
    return outcome;
  }

  // Nothing where it went well.
  std::optional<Attempt> run_statement(std::size_t index) {
    const Statement& statement = statements_[index];
    const Outcome outcome = run_script(statement.text);
    if (outcome.end == Outcome::End::done) {
      session_.query(task_.ledger.record_progress(session_, task_.state, entry_, static_cast<int>(index) + 1));
      return std::nullopt;
    }
    session_.rollback();  // the script may have opened a transaction of its own
    session_.query(task_.ledger.record_failure(session_, task_.state, entry_));
    if (is_worth_another_try(outcome.error->sqlstate))
      return Attempt{.end = Attempt::End::try_again, .error = outcome.error};
    std::optional<std::size_t> position;
    if (outcome.error->position) position = position_in_script(statement, *outcome.error->position);
    throw script_error({.revision = *task_.step.revision,
                        .direction = task_.step.direction,
                        .error = *outcome.error,
                        .position = position,
                        .statement = index,
                        .aftermath = "It runs without a transaction: " + std::to_string(index) + " of its " +
                                     std::to_string(statements_.size()) +
                                     " statements are done, and the next run goes on with this one."});
  }

  std::size_t position_in_script(const Statement& statement, int position) const {
    const auto before = std::ranges::count_if(std::string_view{script_.sql}.substr(0, statement.offset),
                                              [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    return static_cast<std::size_t>(before) + static_cast<std::size_t>(position);
  }

  Attempt finish() {
    std::string message = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET SESSION AUTHORIZATION DEFAULT;" +
                          session_.set_role() + task_.ledger.move_heads(session_, task_.state, task_.step.rows);
    for (const Revision* revision : task_.adopted)
      message += task_.ledger.record(session_, task_.state, record_of(*revision, JournalAction::adopt));
    message += task_.ledger.record_end(session_, task_.state, entry_);
    message += "SELECT pg_catalog.max(id) FROM " + task_.ledger.journal_table(session_, task_.state) + "; COMMIT;";
    const Outcome outcome = session_.run(message, {.keep = RunOptions::Keep::last_row, .tick = {}});
    if (outcome.end == Outcome::End::lost) throw ConnectionLost{outcome.lost_because};
    if (outcome.end == Outcome::End::failed) throw ledger_error(*outcome.error);
    return {.last_entry = number(outcome.last_row->text(0, 0))};
  }

  Session& session_;
  const Task& task_;
  const RunOptions& options_;
  const Script& script_;
  std::vector<Statement> statements_;
  std::int64_t entry_ = 0;
};

}  // namespace

Attempt attempt_without_transaction(Session& session, const Task& task, const RunOptions& options) {
  const std::int64_t key = task.ledger.lock_key(task.state);
  if (take_session_lock(session, key) == SessionLock::locked) return {.end = Attempt::End::locked};
  const LedgerState now = task.ledger.read(session);
  if (now.heads != task.state.heads || now.journal.last_id != task.state.journal.last_id) {
    release(session, key);
    return {.end = Attempt::End::moved};
  }
  session.query(settings(session, script_of(task.step), task.policy));
  Attempt attempt = StatementRun{session, task, options}.run();
  release(session, key);
  return attempt;
}

}  // namespace slipway
