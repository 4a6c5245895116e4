#include "ledger/refusal.h"

namespace slipway {
namespace {

// A retry may succeed.
std::string hint_to_try_again(const ServerError& error) {
  if (error.sqlstate == sqlstate::query_canceled)
    return "try again; if the role has a statement_timeout (ALTER ROLE … SET), raise it";
  if (is_worth_another_try(error)) return "try again";
  return {};
}

}  // namespace

Error refused_to_read(const ServerError& error, const std::string& tables) {
  const std::string what = "can't read the ledger (" + tables + "): ";
  const std::string message = what + error.message;
  if (error.sqlstate == sqlstate::lock_not_available)
    return {ExitCode::try_again, what + "another session keeps it locked",
            "check pg_locks for that session; it may have left a transaction open, or may run VACUUM FULL"};
  if (error.sqlstate == sqlstate::insufficient_privilege)
    return {ExitCode::access_refused, message,
            "grant the role USAGE on the schema and SELECT on both tables, or choose another role with --role"};
  // The settings of the database URL are made in the same message.
  if (error.sqlstate == sqlstate::undefined_object || error.sqlstate == sqlstate::invalid_parameter_value)
    return {ExitCode::bad_configuration, error.message, "check --role, and the settings in the database URL"};
  if (const std::string hint = hint_to_try_again(error); !hint.empty()) return {ExitCode::try_again, message, hint};
  if (auto lack = lack_of_resources(error)) return *std::move(lack);
  if (error.sqlstate.starts_with("XX")) return {ExitCode::unavailable, message, "check the server's log"};
  return {ExitCode::bad_migrations, message,
          "check --version-table and --version-schema: the version table has a column version_num, and the journal is "
          "slipway's own"};
}

}  // namespace slipway
