#include <algorithm>

#include "base/duration.h"
#include "base/text.h"
#include "database/session_settings.h"
#include "error/error.h"
#include "runner/attempt.h"
#include "runner/script_error.h"
#include "sql/pieces.h"
#include "sql/statement.h"

namespace slipway {
namespace {

// Whether one of its statements might be a PREPARE. A long script is not looked through for it.
bool may_prepare(const Script& script) {
  constexpr std::string_view word = "prepare";
  const std::string_view sql = script.sql;
  return sql.size() > Pieces::usual_size ||
         std::search(sql.begin(), sql.end(), word.begin(), word.end(),
                     [](char found, char wanted) { return to_lower(found) == wanted; }) != sql.end();
}

// What is sent before the script.
struct Beginning {
  std::string text;
  std::size_t statements = 0;

  void add(std::string_view statement) {
    text += statement;
    ++statements;
  }
};

Beginning beginning(Session& session, const Task& task) {
  const Script& script = script_of(task.step);
  const RunPolicy& policy = task.policy;
  Beginning message;
  // Each statement has to see what was committed before it, whatever default the role has: the guard reads what the
  // holder of the lock before us has committed.
  message.add("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;\n");
  // A statement of that name from a try that was rolled back is still there (PostgreSQL: "PREPARE").
  if (may_prepare(script)) message.add("DEALLOCATE ALL;\n");
  message.add("SET LOCAL lock_timeout = " + in_milliseconds(script.lock_timeout.value_or(policy.lock_timeout)) + ";\n");
  message.add("SET LOCAL statement_timeout = " +
              in_milliseconds(script.statement_timeout.value_or(policy.statement_timeout)) + ";\n");
  message.add("SET LOCAL idle_in_transaction_session_timeout = 0;\n");
  if (session.server_version() >= 170000) message.add("SET LOCAL transaction_timeout = 0;\n");
  // Between two pieces the session is idle, and holds the locks of all before.
  if (script.sql.size() > Pieces::usual_size)
    for (const std::string_view setting : server_keepalives)
      message.add("SET LOCAL " + std::string{setting} + ";\n");
  if (!session.set_role().empty()) message.add(session.set_role());
  message.add(take_lock(task.ledger.lock_key(task.state)));
  const LedgerStatements ledger = task.ledger.statements(session, task.state);
  for (const std::string& statement : ledger.create())
    message.add(statement);
  message.add(ledger.guard());
  return message;
}

// What is sent behind it.
std::string ending(Session& session, const Task& task) {
  // The script may end in a comment, or without its last semicolon; and it may have set another role.
  std::string message =
      "\n;\nSET SESSION AUTHORIZATION DEFAULT;\n" + (session.set_role().empty() ? "RESET ROLE;\n" : session.set_role());
  const LedgerStatements ledger = task.ledger.statements(session, task.state);
  message += ledger.move_heads(task.step.rows);
  for (const Revision* revision : task.adopted)
    message += ledger.record(record_of(*revision, JournalAction::adopt));
  message += reset_behind_script;
  if (may_prepare(script_of(task.step))) message += "DEALLOCATE ALL;\n";
  // The log keeps the order of commits, so that a later one on the disk has this one on it too (PostgreSQL:
  // "Asynchronous Commit"); and each commit holds its own record.
  message += task.more_to_come ? asynchronous_commit : synchronous_commit;
  message += ledger.record(record_of(task.step));
  message += "COMMIT;";
  return message;
}

// A message of which a part is a part of the script.
struct Sent {
  std::size_t characters_before = 0;  // in the message, before that part
  std::size_t statements_before = 0;  // likewise, of slipway's
  std::size_t script_characters = 0;  // before that part in the script
  std::size_t script_statements = 0;  // likewise
  std::size_t characters = 0;         // of the part
};

[[noreturn]] void fail(const Task& task, const Sent& sent, const Outcome& outcome) {
  const ServerError& error = *outcome.error;
  const auto position = static_cast<std::size_t>(error.position.value_or(0));
  std::optional<std::size_t> in_script;
  if (position > sent.characters_before && position <= sent.characters_before + sent.characters + 1)
    in_script = sent.script_characters + position - sent.characters_before;
  const bool before_script = outcome.finished < sent.statements_before;
  const std::size_t statement =
      sent.script_statements + outcome.finished - std::min(outcome.finished, sent.statements_before);
  // What fails behind the script may still be its doing, as a deferred constraint is; but not these.
  const bool refused_to_us =
      error.sqlstate == sqlstate::insufficient_privilege || !hint_for_lack_of_resources(error).empty();
  const bool behind_script = statement >= statement_count(script_of(task.step));
  if (!in_script && (before_script || (behind_script && refused_to_us))) throw ledger_error(error);
  throw script_error({.revision = *task.step.revision,
                      .direction = task.step.direction,
                      .error = error,
                      .position = in_script,
                      .statement = statement,
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

Attempt try_again(const ServerError& error, std::chrono::milliseconds lock_timeout) {
  Attempt attempt{.end = Attempt::End::try_again, .error = error};
  if (error.sqlstate == sqlstate::lock_not_available) attempt.waited = lock_timeout;
  return attempt;
}

LedgerRecord record_of(const Step& step) {
  return record_of(*step.revision,
                   step.direction == Direction::upgrade ? JournalAction::upgrade : JournalAction::downgrade);
}

void require_primary(const ServerError& error) {
  // That no transaction can be READ WRITE there is a "feature not supported".
  if (error.sqlstate == sqlstate::read_only_transaction || error.sqlstate == sqlstate::feature_not_supported)
    throw ConnectionLost{"the server is a standby: " + error.message};
}

Error ledger_error(const ServerError& error) {
  if (error.sqlstate == sqlstate::insufficient_privilege)
    return {ExitCode::access_refused, "can't write the ledger: " + error.message,
            "grant the role that migrates the right to create and write the version table and the journal in their "
            "schema, or choose another with --role"};
  if (error.sqlstate == sqlstate::undefined_object || error.sqlstate == sqlstate::invalid_parameter_value)
    return {ExitCode::bad_configuration, error.message, "check --role"};
  if (auto lack = lack_of_resources(error)) return *std::move(lack);
  return {ExitCode::internal,
          "PostgreSQL refused a statement of slipway's: " + error.message + " (SQLSTATE " + error.sqlstate + ")",
          error.hint};
}

Attempt attempt_in_transaction(Session& session, const Task& task, const RunOptions& options) {
  const Beginning before = beginning(session, task);
  const std::string_view script = script_of(task.step).sql;
  Sent sent{.characters_before = count_characters(before.text), .statements_before = before.statements};
  std::string message = before.text;
  Pieces pieces{script};
  std::size_t script_bytes = 0;
  for (auto piece = pieces.next();;) {
    const std::string_view part = piece.value_or("");
    sent.characters = count_characters(part);
    message += part;
    script_bytes += part.size();
    const bool last = script_bytes == script.size();
    if (last) message += ending(session, task);

    const Outcome outcome = session.run(message, {.keep = RunOptions::Keep::last_row, .tick = options.tick});
    if (outcome.end == Outcome::End::lost) throw ConnectionLost{outcome.lost_because};
    if (outcome.end == Outcome::End::failed) {
      session.rollback();
      if (outcome.finished == 0 && before.statements == sent.statements_before) require_primary(*outcome.error);
      if (is_locked(*outcome.error)) return {.end = Attempt::End::locked};
      if (is_moved(*outcome.error)) return {.end = Attempt::End::moved};
      if (is_worth_another_try(outcome.error->sqlstate))
        return try_again(*outcome.error, script_of(task.step).lock_timeout.value_or(task.policy.lock_timeout));
      fail(task, sent, outcome);
    }
    if (last) return {.last_entry = outcome.last_row->integer(0, 0)};

    if (task.sent) task.sent(static_cast<int>(100 * script_bytes / script.size()));
    sent = {.script_characters = sent.script_characters + sent.characters,
            .script_statements = sent.script_statements + outcome.finished - sent.statements_before};
    message.clear();
    piece = pieces.next();
  }
}

}  // namespace slipway
