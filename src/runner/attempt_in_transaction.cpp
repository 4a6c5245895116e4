#include <algorithm>
#include <charconv>

#include "error/error.h"
#include "revision/statement.h"
#include "runner/attempt.h"
#include "runner/script_error.h"
#include "runner/session_reset.h"

namespace slipway {
namespace {

// 10xxxxxx continues a character in UTF-8.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string milliseconds(std::chrono::milliseconds duration) {
  return std::to_string(duration.count());
}

// What is sent for a step: statements of slipway's, the script, statements of slipway's.
struct Message {
  std::string text;
  std::size_t statements_before = 0;
  std::size_t characters_before = 0;

  void before(std::string_view statement) {
    text += statement;
    ++statements_before;
  }
};

Message compose(Session& session, const Task& task) {
  const Script& script = script_of(task.step);
  const RunPolicy& policy = task.policy;
  Message message;
  // Each statement has to see what was committed before it, whatever default the role has: the guard reads what the
  // holder of the lock before us has committed.
  message.before("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;\n");
  message.text += session_reset;
  message.statements_before += session_reset_statements;
  message.before("SET LOCAL lock_timeout = " + milliseconds(script.lock_timeout.value_or(policy.lock_timeout)) + ";\n");
  message.before("SET LOCAL statement_timeout = " +
                 milliseconds(script.statement_timeout.value_or(policy.statement_timeout)) + ";\n");
  message.before("SET LOCAL idle_in_transaction_session_timeout = 0;\n");
  if (!session.set_role().empty()) message.before(session.set_role());
  message.before(take_lock(task.ledger.lock_key(task.state)));
  for (const std::string& statement : task.ledger.create(session, task.state))
    message.before(statement);
  message.before(task.ledger.guard(session, task.state));
  message.characters_before = characters(message.text);

  message.text += script.sql;
  // The script may end in a comment, or without its last semicolon; and it may have set another role.
  message.text += "\n;\nSET SESSION AUTHORIZATION DEFAULT;\n" + session.set_role();
  message.text += task.ledger.move_heads(session, task.state, task.step.rows);
  for (const Revision* revision : task.adopted)
    message.text += task.ledger.record(session, task.state, record_of(*revision, JournalAction::adopt));
  message.text += task.ledger.record(session, task.state, record_of(task.step));
  message.text += "COMMIT;";
  return message;
}

std::int64_t number(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

[[noreturn]] void fail(const Task& task, const Message& message, const Outcome& outcome) {
  const ServerError& error = *outcome.error;
  const Script& script = script_of(task.step);
  const std::size_t script_characters = characters(script.sql);
  const std::size_t finished = outcome.finished;
  const auto position = static_cast<std::size_t>(error.position.value_or(0));

  std::optional<std::size_t> in_script;
  if (position > message.characters_before && position <= message.characters_before + script_characters + 1)
    in_script = position - message.characters_before;
  if (!in_script && finished < message.statements_before) throw ledger_error(error);
  throw script_error({.revision = *task.step.revision,
                      .direction = task.step.direction,
                      .error = error,
                      .position = in_script,
                      .statement = finished - std::min(finished, message.statements_before),
                      .aftermath = "It was rolled back: nothing of this revision remains."});
}

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

LedgerRecord record_of(const Step& step) {
  return record_of(*step.revision,
                   step.direction == Direction::upgrade ? JournalAction::upgrade : JournalAction::downgrade);
}

const Script& script_of(const Step& step) {
  if (step.direction == Direction::upgrade) return step.revision->upgrade;
  if (step.revision->downgrade) return *step.revision->downgrade;
  throw Error{
      ExitCode::bad_migrations,
      step.revision->location.str() + ": " + title(*step.revision) + " has no migrate:down, so it can't be undone",
      "write its migrate:down, or go on upwards with a revision that undoes it"};
}

Error ledger_error(const ServerError& error) {
  if (error.sqlstate == sqlstate::insufficient_privilege)
    return {ExitCode::access_refused, "can't write the ledger: " + error.message,
            "grant the role that migrates the right to create and write the version table and the journal in their "
            "schema, or choose another with --role"};
  if (error.sqlstate == sqlstate::undefined_object || error.sqlstate == sqlstate::invalid_parameter_value)
    return {ExitCode::bad_configuration, error.message, "check --role"};
  return {ExitCode::internal,
          "PostgreSQL refused a statement of slipway's: " + error.message + " (SQLSTATE " + error.sqlstate + ")",
          error.hint};
}

Attempt attempt_in_transaction(Session& session, const Task& task, const RunOptions& options) {
  const Message message = compose(session, task);
  const Outcome outcome = session.run(message.text, {.keep = RunOptions::Keep::last_row, .tick = options.tick});
  if (outcome.end == Outcome::End::lost) throw ConnectionLost{outcome.lost_because};
  if (outcome.end == Outcome::End::done) return {.last_entry = number(outcome.last_row->text(0, 0))};

  session.rollback();
  if (is_locked(*outcome.error)) return {.end = Attempt::End::locked};
  if (is_moved(*outcome.error)) return {.end = Attempt::End::moved};
  if (is_worth_another_try(outcome.error->sqlstate)) return {.end = Attempt::End::try_again, .error = outcome.error};
  fail(task, message, outcome);
}

}  // namespace slipway
