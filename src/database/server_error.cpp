#include "database/server_error.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace slipway {
namespace {

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? std::string{} : std::string{text};
}

}  // namespace

ServerError ServerError::from(const PGresult* result) {
  ServerError error{.sqlstate = field(result, PG_DIAG_SQLSTATE),
                    .severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED),
                    .message = field(result, PG_DIAG_MESSAGE_PRIMARY),
                    .detail = field(result, PG_DIAG_MESSAGE_DETAIL),
                    .hint = field(result, PG_DIAG_MESSAGE_HINT),
                    .context = field(result, PG_DIAG_CONTEXT),
                    .source_file = field(result, PG_DIAG_SOURCE_FILE),
                    .position = {}};
  const std::string position = field(result, PG_DIAG_STATEMENT_POSITION);
  int number = 0;
  if (std::from_chars(position.data(), position.data() + position.size(), number).ec == std::errc{})
    error.position = number;
  return error;
}

bool ServerError::is_raised_by_user() const noexcept {
  // The source files in which PostgreSQL's procedural languages raise an error for a function (src/pl).
  constexpr std::array<std::string_view, 5> languages{"pl_exec.c", "plpy_elog.c", "plpy_plpymodule.c", "plperl.c",
                                                      "pltcl.c"};
  return std::ranges::find(languages, source_file) != languages.end();
}

std::string_view hint_for_lack_of_resources(const ServerError& error) noexcept {
  if (error.is_raised_by_user() || error.sqlstate == sqlstate::undefined_file ||
      error.sqlstate == sqlstate::duplicate_file)
    return {};
  if (error.sqlstate == sqlstate::disk_full) return "free disk space on the server, then run again";
  // Also said of the table of locks, which the server's own hint then names.
  if (error.sqlstate == sqlstate::out_of_memory)
    return "give the server more memory, or raise max_locks_per_transaction if the message says so; then run again";
  if (error.sqlstate.starts_with("53") || error.sqlstate.starts_with("58"))
    return "check the server's log, then run again";
  return {};
}

std::optional<Error> lack_of_resources(const ServerError& error) {
  const std::string_view hint = hint_for_lack_of_resources(error);
  if (hint.empty()) return std::nullopt;
  std::string message = "PostgreSQL has run out of resources: " + error.message + " (SQLSTATE " + error.sqlstate + ")";
  if (!error.hint.empty()) message += "\n  HINT: " + error.hint;
  return Error{ExitCode::unavailable, message, std::string{hint}};
}

Error refused_statement(const ServerError& error) {
  if (error.sqlstate == sqlstate::insufficient_privilege)
    return {ExitCode::access_refused, error.message,
            "grant the privilege to the role that runs the migrations, or choose another role with --role"};
  if (auto lack = lack_of_resources(error)) return *std::move(lack);
  return {
      ExitCode::internal,
      "PostgreSQL rejected a statement that slipway issued: " + error.message + " (SQLSTATE " + error.sqlstate + ")",
      error.hint};
}

bool is_worth_another_try(const ServerError& error) noexcept {
  return !error.is_raised_by_user() &&
         (error.sqlstate == sqlstate::lock_not_available || error.sqlstate == sqlstate::deadlock_detected ||
          error.sqlstate == sqlstate::serialization_failure);
}

}  // namespace slipway
