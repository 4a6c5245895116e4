#include "ledger/refusal.h"

namespace slipway {

Error refused_to_read(const ServerError& error, const std::string& table) {
  if (error.sqlstate == sqlstate::insufficient_privilege)
    return {ExitCode::access_refused, "can't read the version table: " + error.message,
            "grant SELECT on " + table + " and the journal to the role that migrates, or choose another with --role"};
  if (error.sqlstate == sqlstate::undefined_object || error.sqlstate == sqlstate::invalid_parameter_value)
    return {ExitCode::bad_configuration, error.message, "check --role"};
  if (auto lack = lack_of_resources(error)) return *std::move(lack);
  if (error.sqlstate == sqlstate::lock_not_available)
    return {ExitCode::try_again, "can't read the version table " + table + ": another session keeps it locked",
            "look in pg_locks for who does: a transaction that was left open, or VACUUM FULL"};
  return {ExitCode::bad_migrations, "can't read the version table " + table + ": " + error.message,
          "check --version-table and --version-schema: the table has one column, version_num"};
}

}  // namespace slipway
