#include <algorithm>

#include "base/duration.h"
#include "base/text.h"
#include "base/utf8.h"
#include "database/session_settings.h"
#include "error/error.h"
#include "revision/script_check.h"
#include "runner/attempt.h"
#include "runner/commit.h"
#include "runner/deallocate.h"
#include "runner/ledger_error.h"
#include "runner/message.h"
#include "runner/script_error.h"
#include "runner/script_text.h"
#include "sql/pieces.h"
#include "sql/statement.h"

namespace slipway {
namespace {

std::size_t statements_of(std::string_view settings) {
  return static_cast<std::size_t>(std::ranges::count(settings, ';'));
}

// The number of statements in LedgerStatements::move_heads(): those that change rows, one before and one after them.
std::size_t statements_of(const RowChange& change) {
  const std::size_t rows = change.deleted.size() + (change.updated ? 1 : 0) + change.inserted.size();
  return rows == 0 ? 0 : rows + 2;
}

// What is sent before the script.
void add_beginning(Message& message, Session& session, const Task& task) {
  const Script& script = script_of(task.step);
  const RunPolicy& policy = task.policy;
  const auto set = [&](const std::string& setting) { message.add(Purpose::settings, "SET LOCAL " + setting + ";\n"); };
  // Each statement has to see what was committed before it, regardless of the role's default, because the guard reads
  // what the previous holder of the lock has committed.
  message.add(Purpose::begin, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;\n");
  // Before slipway's own settings, which override those of the URL.
  message.add(Purpose::role, session.set_local());
  set("lock_timeout = " + in_milliseconds(script.lock_timeout.value_or(policy.lock_timeout)));
  set("statement_timeout = " + in_milliseconds(script.statement_timeout.value_or(policy.statement_timeout)));
  set("idle_in_transaction_session_timeout = 0");
  if (session.server_version() >= 170000) set("transaction_timeout = 0");
  // Between two pieces the session is idle, and holds the locks of all earlier ones.
  if (script.sql.size() > Pieces::usual_size)
    for (const std::string_view setting : server_keepalives)
      set(std::string{setting});
  const bool checks_client = session.server_version() >= client_check_since;
  message.add(Purpose::lock, take_lock(task.ledger.lock_key(task.state), checks_client ? client_check : ""));
  const LedgerStatements ledger = task.ledger.statements(session, task.state);
  for (const std::string& statement : ledger.create())
    message.add(Purpose::create, statement);
  for (const std::string& statement : ledger.guard())
    message.add(Purpose::guard, statement);
  // A prepared statement of an attempt that was rolled back still exists (PostgreSQL: "PREPARE").
  message.add(Purpose::settings, deallocate(session, prepared_names(script)));
}

// What is sent after the script.
void add_ending(Message& message, Session& session, const Task& task) {
  const LedgerStatements ledger = task.ledger.statements(session, task.state);
  // The script may end in a comment, or without its last semicolon; and it may have set another role.
  message.add(Purpose::settings, "\n;\nSET SESSION AUTHORIZATION DEFAULT;\n");
  message.add(Purpose::settings, "RESET ROLE;\n");
  message.add(Purpose::role, session.set_local());
  message.add(Purpose::record, ledger.move_heads(task.step.rows), statements_of(task.step.rows));
  for (const Revision* revision : task.adopted)
    message.add(Purpose::record, ledger.record(record_of(*revision, JournalAction::adopt)));
  message.add(Purpose::settings, reset_behind_script, statements_of(reset_behind_script));
  message.add(Purpose::settings, deallocate(session, prepared_names(script_of(task.step))));
  // The WAL keeps the order of commits. If a later commit is on the disk, this one is too (PostgreSQL: "Asynchronous
  // Commit"). Each commit contains its own record.
  message.add(Purpose::settings, task.more_to_come ? asynchronous_commit : synchronous_commit);
  message.add(Purpose::record, ledger.record(record_of(task.step)));
  message.add(Purpose::commit, "COMMIT;");
}

class TransactionRun {
 public:
  TransactionRun(Session& session, const Task& task, const RunOptions& options)
      : session_{session}, task_{task}, options_{options}, script_{script_of(task.step)}, text_{session, script_} {}

  Attempt run() {
    Message message;
    add_beginning(message, session_, task_);
    Pieces pieces{text_.sql()};
    for (auto piece = pieces.next();;) {
      const std::string_view part = piece.value_or("");
      const bool is_last = sent_bytes_ + part.size() == text_.sql().size();
      message.add_script(part);
      // A script that may leave a quote open is sent on its own.
      if (is_last && is_closed(session_, part)) return finish(message);
      if (const auto other = send(message, Last::no)) return *other;
      sent_bytes_ += part.size();
      sent_characters_ += count_characters(part);
      message = Message{};
      if (is_last) return finish(message);
      if (task_.sent) task_.sent(static_cast<int>(100 * sent_bytes_ / text_.sql().size()));
      piece = pieces.next();
    }
  }

 private:
  enum class Last { no, yes };

  Attempt finish(Message& message) {
    add_ending(message, session_, task_);
    if (const auto other = send(message, Last::yes)) return *other;
    return {.last_entry = entry_};
  }

  // Nothing if it went well.
  std::optional<Attempt> send(const Message& message, Last last) {
    const Outcome outcome = run(message, last);
    if (outcome.end == Outcome::End::done) {
      if (last == Last::yes) entry_ = outcome.last_row ? outcome.last_row->integer(0, 0) : 0;
      sent_statements_ += outcome.finished - message.own_statements();
      return std::nullopt;
    }
    session_.rollback();
    const Origin origin = message.origin(outcome);
    const ServerError& error = *outcome.error;
    if (outcome.finished == 0 && sent_bytes_ == 0 && !origin.position) require_primary(session_, error);
    if (origin.purpose == Purpose::lock && is_locked(error)) return Attempt{.end = Attempt::End::locked};
    if (origin.purpose == Purpose::guard && is_moved(error)) return Attempt{.end = Attempt::End::moved};
    if (is_worth_another_try(error)) return try_again(error, script_.lock_timeout.value_or(task_.policy.lock_timeout));
    fail(origin, error);
  }

  Outcome run(const Message& message, Last last) {
    if (last == Last::yes) return commit(session_, *task_.step.revision, message.text(), options_.tick);
    Outcome outcome = session_.run(message.text(), {.keep = RunOptions::Keep::last_row, .tick = options_.tick});
    if (outcome.end == Outcome::End::lost) throw ConnectionLost{outcome.lost_because};
    return outcome;
  }

  [[noreturn]] void fail(const Origin& origin, const ServerError& error) {
    if (origin.purpose != Purpose::script && origin.purpose != Purpose::commit)
      throw ledger_error(session_, error, origin.purpose);
    // A failure at the COMMIT is the script's, for example a deferred constraint.
    std::optional<std::size_t> statement;
    if (origin.statement) statement = sent_statements_ + *origin.statement;
    std::optional<std::size_t> position = text_.untranslatable(error);
    if (origin.position) position = sent_characters_ + *origin.position;
    throw script_error({.revision = *task_.step.revision,
                        .direction = task_.step.direction,
                        .error = error,
                        .position = position,
                        .statement = statement,
                        .aftermath = "It was rolled back: nothing of this revision remains.",
                        .strings = strings_of(session_)});
  }

  Session& session_;
  const Task& task_;
  const RunOptions& options_;
  const Script& script_;
  ScriptText text_;
  std::int64_t entry_ = 0;
  std::size_t sent_bytes_ = 0;  // of the script; characters and statements likewise
  std::size_t sent_characters_ = 0;
  std::size_t sent_statements_ = 0;
};

}  // namespace

LedgerRecord record_of(const Revision& revision, JournalAction action) {
  const Script& script = action == JournalAction::downgrade ? revision.downgrade.value() : revision.upgrade;
  return {.revision = revision.id,
          .action = action,
          .message = revision.message,
          .token_checksum = token_checksum(script),
          .byte_checksum = bytes_checksum(script),
          .statements = static_cast<int>(statement_count(script))};
}

Attempt try_again(const ServerError& error, std::chrono::milliseconds lock_timeout) {
  Attempt attempt{.end = Attempt::End::try_again, .error = error};
  if (error.sqlstate == sqlstate::lock_not_available) attempt.waited = lock_timeout;
  return attempt;
}

LedgerRecord record_of(const Step& step) {
  return record_of(*step.revision,
                   step.direction == Direction::upgrade ? JournalAction::upgrade : JournalAction::downgrade);
}

void require_runnable(const Session& session, const Step& step) {
  const Script& script = script_of(step);
  if (session.has_standard_strings()) return check_script(*step.revision, step.direction, CheckFor::run);
  if (script.transaction == Transaction::one) return;
  if (const auto line = line_with_backslash(script))
    throw Error{ExitCode::bad_migrations,
                script.at(*line).str() +
                    ": standard_conforming_strings is off for this database or role, so the backslash in '…' makes it "
                    "unclear where the statements of this script without a transaction end",
                "set standard_conforming_strings to on, or write the string as E'…'"};
}

Attempt attempt_in_transaction(Session& session, const Task& task, const RunOptions& options) {
  return TransactionRun{session, task, options}.run();
}

}  // namespace slipway
