#include "runner/script_error.h"

#include <regex>

#include "base/text.h"
#include "sql/excerpt.h"

namespace slipway {
namespace {

const Script& script_of(const Revision& revision, Direction direction) {
  return direction == Direction::upgrade ? revision.upgrade : revision.downgrade.value();
}

std::string indented(const std::string& label, const std::string& text) {
  if (text.empty()) return {};
  std::string result = "\n  " + label + ": ";
  for (const char c : text)
    result += c == '\n' ? std::string{"\n    "} : std::string{c};
  return result;
}

// What a script gives a role as its password is nothing for a log.
std::string without_role_passwords(const std::string& text) {
  static const std::regex password{R"((password\s+)[eE]?'[^']*('|$))", std::regex::icase};
  return std::regex_replace(text, password, "$1'***'");
}

std::string hint_for(const ServerError& error, Transaction transaction) {
  if (error.sqlstate == sqlstate::active_sql_transaction && transaction == Transaction::one)
    return "put transaction:false behind the marker, so that the script runs statement by statement";
  if (error.sqlstate == sqlstate::insufficient_privilege)
    return "grant the right to the role that migrates, or choose another with --role";
  if (error.sqlstate == sqlstate::lock_not_available)
    return "another session held the lock for too long; try again, or raise --lock-timeout and --lock-wait";
  if (error.sqlstate == sqlstate::query_canceled)
    return "the statement was cancelled or ran into its statement_timeout; see statement_timeout: on the marker";
  if (const auto hint = hint_for_lack_of_resources(error); !hint.empty()) return std::string{hint};
  return "correct the script and run again";
}

}  // namespace

Error script_error(const ScriptFailure& failure) {
  const ServerError& error = failure.error;
  const Script& script = script_of(failure.revision, failure.direction);
  SourceLocation place{failure.revision.location.file, script.first_line};
  std::string shown;
  if (failure.position) {
    const Excerpt found = excerpt(script, *failure.position);
    place.line = found.line;
    shown = found.text;
  } else if (failure.statement) {
    Statements statements{script};
    auto statement = statements.next();
    for (std::size_t i = 0; statement && i < *failure.statement; ++i)
      statement = statements.next();
    if (statement) {
      place.line = statement->line;
      // PostgreSQL counts characters, and the statement's offset is in bytes.
      shown = excerpt(script, count_characters(std::string_view{script.sql}.substr(0, statement->offset)) + 1).text;
    }
  }
  std::string message = place.str() + ": " + title(failure.revision) + ": " +
                        (failure.direction == Direction::upgrade ? "the upgrade" : "the downgrade") +
                        " failed: " + error.message + " (SQLSTATE " + error.sqlstate + ")";
  if (!shown.empty()) {
    message += "\n  ";
    for (const char c : shown)
      message += c == '\n' ? std::string{"\n  "} : std::string{c};
  }
  message += indented("DETAIL", error.detail) + indented("HINT", error.hint) + indented("CONTEXT", error.context);
  if (!failure.aftermath.empty()) message += "\n" + failure.aftermath;
  return {ExitCode::migration_failed, without_role_passwords(message), hint_for(error, script.transaction)};
}

}  // namespace slipway
