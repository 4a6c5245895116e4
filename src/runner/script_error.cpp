#include "runner/script_error.h"

#include <regex>

#include "base/text.h"
#include "base/utf8.h"
#include "sql/excerpt.h"

namespace slipway {
namespace {

const Script& script_of(const Revision& revision, Direction direction) {
  return direction == Direction::upgrade ? revision.upgrade : revision.downgrade.value();
}

// The position after the last character that is not white space, in characters from 1.
std::size_t end_of(const Script& script) {
  const std::string_view sql = script.sql;
  return count_characters(sql.substr(0, sql.find_last_not_of(" \t\n\v\f\r") + 1)) + 1;
}

std::string indented(const std::string& label, const std::string& text) {
  if (text.empty()) return {};
  std::string result = "\n  " + label + ": ";
  for (const char c : text)
    result += c == '\n' ? std::string{"\n    "} : std::string{c};
  return result;
}

// A password that a script gives to a role must not get into a log.
std::string without_role_passwords(const std::string& text) {
  static const std::regex password{R"((password\s+)[eE]?'[^']*('|$))", std::regex::icase};
  return std::regex_replace(text, password, "$1'***'");
}

// Whether the statement begins with SET TRANSACTION, which has to be a transaction's first.
bool sets_transaction(const std::optional<Statement>& statement) {
  return statement && (equal_ignoring_case(std::string_view{statement->text}.substr(0, 15), "set transaction"));
}

std::string hint_for(const ScriptFailure& failure, Transaction transaction, const std::optional<Statement>& statement) {
  const ServerError& error = failure.error;
  const bool in_transaction = transaction == Transaction::one;
  if (error.sqlstate == sqlstate::active_sql_transaction && sets_transaction(statement))
    return "remove the statement: the transaction is slipway's, and is READ COMMITTED";
  if (in_transaction && (error.sqlstate == sqlstate::active_sql_transaction ||
                         error.sqlstate == sqlstate::invalid_transaction_termination))
    return "add transaction:false to the marker, so that the script runs statement by statement";
  if (error.sqlstate == sqlstate::untranslatable_character)
    return "write the character in another way, or use a database with the encoding UTF8";
  if (failure.strings == Strings::escaped)
    return "set standard_conforming_strings to on for this database or role, or double the backslash: while it is off, "
           "a "
           "backslash in '…' escapes the next character";
  if (error.is_raised_by_user()) return "correct the script and run again";
  if (error.sqlstate == sqlstate::insufficient_privilege)
    return "grant the privilege to the role that runs the migrations, or choose another role with --role";
  if (error.sqlstate == sqlstate::lock_not_available)
    return "another session held the lock for too long; try again, or raise --lock-timeout and --lock-wait";
  if (error.sqlstate == sqlstate::query_canceled)
    return "the statement was cancelled or ran into its statement_timeout; the marker can set another "
           "statement_timeout:";
  if (const auto hint = hint_for_lack_of_resources(error); !hint.empty()) return std::string{hint};
  return "correct the script and run again";
}

}  // namespace

Error script_error(const ScriptFailure& failure) {
  const ServerError& error = failure.error;
  const Script& script = script_of(failure.revision, failure.direction);
  SourceLocation place = script.at(script.first_line);
  std::string shown;
  std::optional<Statement> statement;
  const std::optional<std::size_t> index =
      failure.statement || failure.position ? failure.statement : first_unparsable(script);
  if (index) {
    Statements statements{script};
    statement = statements.next();
    for (std::size_t i = 0; statement && i < *index; ++i)
      statement = statements.next();
  }
  std::string reason = error.message;
  if (const std::size_t end = end_of(script); failure.position && *failure.position >= end) {
    const Excerpt found = excerpt(script, end);
    place.line = found.line;
    shown = found.text;
    reason = "the script ends in the middle of a statement: " + reason;
  } else if (failure.position) {
    const Excerpt found = excerpt(script, *failure.position);
    place.line = found.line;
    shown = found.text;
  } else if (statement) {
    place.line = statement->line;
    // PostgreSQL counts characters, and the statement's offset is in bytes.
    shown = excerpt(script, count_characters(std::string_view{script.sql}.substr(0, statement->offset)) + 1).text;
  }
  std::string message = place.str() + ": " + title(failure.revision) + ": " +
                        (failure.direction == Direction::upgrade ? "the upgrade" : "the downgrade") +
                        " failed: " + reason + " (SQLSTATE " + error.sqlstate + ")";
  if (!shown.empty()) {
    message += "\n  ";
    for (const char c : shown)
      message += c == '\n' ? std::string{"\n  "} : std::string{c};
  }
  message += indented("DETAIL", error.detail) + indented("HINT", error.hint) + indented("CONTEXT", error.context);
  if (!failure.aftermath.empty()) message += "\n" + failure.aftermath;
  return {ExitCode::migration_failed, without_role_passwords(message),
          hint_for(failure, script.transaction, statement)};
}

}  // namespace slipway
