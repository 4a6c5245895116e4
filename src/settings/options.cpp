#include "settings/options.h"

#include <algorithm>
#include <array>

#include "error/error.h"

namespace slipway {
namespace {

using std::string_view;
using enum OptionKind;

constexpr std::array<string_view, 3> checksum_choices{"error", "warn", "ignore"};
constexpr std::array<string_view, 2> refuse_or_allow{"refuse", "allow"};
constexpr std::array<string_view, 5> level_choices{"trace", "debug", "info", "warning", "error"};
constexpr std::array<string_view, 3> log_format_choices{"text", "json", "logfmt"};
constexpr std::array<string_view, 2> format_choices{"text", "json"};
constexpr std::array<string_view, 3> color_choices{"auto", "always", "never"};

constexpr std::array table{
    Option{.key = "database-url",
           .variable = "DATABASE_URL",
           .file_variable = "DATABASE_URL_FILE",
           .kind = url,
           .default_note = "libpq's PG* variables",
           .value_name = "URL",
           .group = "Database",
           .description = "The database, as URL or libpq keywords; scratch: makes a throwaway server",
           .secrecy = Secrecy::secret},
    Option{.key = "migration-database-url",
           .variable = "MIGRATION_DATABASE_URL",
           .file_variable = "MIGRATION_DATABASE_URL_FILE",
           .kind = url,
           .default_note = "database-url",
           .value_name = "URL",
           .group = "Database",
           .description = "Used by slipway in place of database-url, and kept from the application",
           .secrecy = Secrecy::secret},
    Option{.key = "direct-url",
           .variable = "DIRECT_URL",
           .file_variable = "DIRECT_URL_FILE",
           .kind = url,
           .value_name = "URL",
           .group = "Database",
           .description = "The same database past a connection pooler, for scripts without a transaction",
           .secrecy = Secrecy::secret},
    Option{.key = "role",
           .variable = "SLIPWAY_ROLE",
           .kind = name,
           .value_name = "NAME",
           .group = "Database",
           .description = "SET ROLE to it for all that slipway does, the creation of its tables included"},
    Option{.key = "version-table",
           .variable = "SLIPWAY_VERSION_TABLE",
           .kind = name,
           .default_value = "alembic_version",
           .value_name = "NAME",
           .group = "Database",
           .description = "The table that holds the current heads, as Alembic keeps it"},
    Option{.key = "version-schema",
           .variable = "SLIPWAY_VERSION_SCHEMA",
           .kind = name,
           .default_note = "the search path's",
           .value_name = "NAME",
           .group = "Database",
           .description = "The schema of the version table and of the journal"},
    Option{.key = "wait-timeout",
           .variable = "SLIPWAY_WAIT_TIMEOUT",
           .kind = duration,
           .default_note = "60s; on a terminal 0, but for run and wait",
           .value_name = "TIME",
           .group = "Waiting",
           .description = "How long to wait for the database to become available; 0: one attempt"},
    Option{.key = "wait-grace",
           .variable = "SLIPWAY_WAIT_GRACE",
           .kind = duration,
           .default_value = "5s",
           .value_name = "TIME",
           .group = "Waiting",
           .description = "How long to retry a refused password, role or database name before it is final"},
    Option{.key = "connect-timeout",
           .variable = "SLIPWAY_CONNECT_TIMEOUT",
           .kind = duration,
           .default_value = "10s",
           .value_name = "TIME",
           .group = "Waiting",
           .description = "How long one attempt to connect may take"},
    Option{.key = "lock-timeout",
           .variable = "SLIPWAY_LOCK_TIMEOUT",
           .kind = duration,
           .default_value = "3s",
           .value_name = "TIME",
           .group = "Locks and time limits",
           .description = "How long a statement may wait for a lock before the revision is tried again; 0: no limit"},
    Option{.key = "lock-wait",
           .variable = "SLIPWAY_LOCK_WAIT",
           .kind = duration,
           .default_value = "5min",
           .value_name = "TIME",
           .group = "Locks and time limits",
           .description = "How long to try for locks, and to wait for another replica, all attempts together"},
    Option{.key = "statement-timeout",
           .variable = "SLIPWAY_STATEMENT_TIMEOUT",
           .kind = duration,
           .default_value = "0",
           .value_name = "TIME",
           .group = "Locks and time limits",
           .description = "How long one statement of a migration may run; 0: no limit"},
    Option{
        .key = "kill-blockers",
        .variable = "SLIPWAY_KILL_BLOCKERS",
        .default_note = "none",
        .value_name = "WHOM",
        .group = "Locks and time limits",
        .description = "idle-in-transaction:30s ends sessions that are idle in a transaction and block for that long"},
    Option{.key = "migrations",
           .variable = "SLIPWAY_MIGRATIONS",
           .kind = paths,
           .default_value = "migrations",
           .value_name = "FOLDER",
           .group = "Migrations",
           .description = "The folders that hold the migrations"},
    Option{.key = "allow-empty",
           .variable = "SLIPWAY_ALLOW_EMPTY",
           .kind = toggle,
           .default_value = "false",
           .bare_flag = "true",
           .value_name = "BOOL",
           .group = "Migrations",
           .description = "Take a folder without any migration for what is meant, and not for a mistake"},
    Option{.key = "checksums",
           .variable = "SLIPWAY_CHECKSUMS",
           .kind = choice,
           .choices = checksum_choices,
           .default_value = "error",
           .value_name = "WHAT",
           .group = "Migrations",
           .description = "What to do about an applied migration whose statements were edited since"},
    Option{.key = "out-of-order",
           .variable = "SLIPWAY_OUT_OF_ORDER",
           .kind = choice,
           .choices = refuse_or_allow,
           .default_value = "refuse",
           .bare_flag = "allow",
           .value_name = "WHAT",
           .group = "Migrations",
           .description = "What to do about a revision behind the head that was never applied"},
    Option{.key = "ahead",
           .variable = "SLIPWAY_AHEAD",
           .kind = choice,
           .choices = refuse_or_allow,
           .default_value = "refuse",
           .value_name = "WHAT",
           .group = "Migrations",
           .description = "What to do about a database at a revision that the migrations folder does not have"},
    Option{.key = "migrate-with",
           .variable = "SLIPWAY_MIGRATE_WITH",
           .default_note = "slipway's own runner",
           .value_name = "COMMAND",
           .group = "Migrations",
           .description = "An external migrator's command line, run by a shell under slipway's lock"},
    Option{.key = "log-level",
           .variable = "SLIPWAY_LOG_LEVEL",
           .kind = choice,
           .choices = level_choices,
           .default_value = "info",
           .value_name = "LEVEL",
           .group = "Output",
           .description = "The least important level that is logged"},
    Option{.key = "log-format",
           .variable = "SLIPWAY_LOG_FORMAT",
           .kind = choice,
           .choices = log_format_choices,
           .default_value = "text",
           .value_name = "FORMAT",
           .group = "Output",
           .description = "The log, on stderr, as text, as JSON lines or as logfmt"},
    Option{.key = "color",
           .variable = "SLIPWAY_COLOR",
           .kind = choice,
           .choices = color_choices,
           .default_value = "auto",
           .value_name = "WHEN",
           .group = "Output",
           .description = "Colours in the log; auto: on a terminal, unless NO_COLOR is set"},
    Option{.key = "format",
           .variable = "SLIPWAY_FORMAT",
           .kind = choice,
           .choices = format_choices,
           .default_value = "text",
           .value_name = "FORMAT",
           .group = "Output",
           .description = "Results, on stdout, as text or as JSON"},
    Option{.key = "prepare-listen",
           .variable = "SLIPWAY_PREPARE_LISTEN",
           .kind = address,
           .value_name = "ADDRESS",
           .group = "Orchestrators",
           .description = "While run prepares, answer probes there: /livez with 200, all else with 503"},
    Option{.key = "termination-log",
           .variable = "SLIPWAY_TERMINATION_LOG",
           .kind = path,
           .default_note = "/dev/termination-log, where it exists",
           .value_name = "FILE",
           .group = "Orchestrators",
           .description = "Where the reason is left when slipway itself fails, for Kubernetes"},
    Option{.key = "metrics-file",
           .variable = "SLIPWAY_METRICS_FILE",
           .kind = path,
           .value_name = "FILE",
           .group = "Orchestrators",
           .description = "Where run, upgrade and downgrade leave their figures, as Prometheus text"},
    Option{.key = "config",
           .variable = "SLIPWAY_CONFIG",
           .kind = path,
           .default_note = "slipway.toml, where it exists",
           .value_name = "FILE",
           .group = "Settings",
           .description = "The settings file",
           .in_settings_file = false},
};

constexpr std::array<string_view, 4> withheld{"MIGRATION_DATABASE_URL", "MIGRATION_DATABASE_URL_FILE", "DIRECT_URL",
                                              "DIRECT_URL_FILE"};

}  // namespace

std::span<const Option> options() noexcept {
  return table;
}

const Option& option(std::string_view key) {
  const auto* row = std::ranges::find(table, key, &Option::key);
  if (row == table.end()) throw Error{ExitCode::internal, "there is no setting named " + std::string{key}};
  return *row;
}

std::vector<std::string> settings_file_keys() {
  std::vector<std::string> keys;
  for (const Option& row : table)
    if (row.in_settings_file) keys.emplace_back(row.key);
  return keys;
}

std::vector<std::string> variable_names() {
  std::vector<std::string> names;
  for (const Option& row : table) {
    names.emplace_back(row.variable);
    if (!row.file_variable.empty()) names.emplace_back(row.file_variable);
  }
  return names;
}

std::string_view unit(const Option& option) {
  switch (option.kind) {
    case text:
      return "text";
    case name:
      return "name";
    case address:
      return "address";
    case path:
      return "path";
    case paths:
      return "paths";
    case duration:
      return "duration";
    case choice:
      return "choice";
    case toggle:
      return "true or false";
    case url:
      return "URL";
  }
  return {};
}

std::string_view default_text(const Option& option) {
  if (!option.default_note.empty()) return option.default_note;
  return option.default_value.empty() ? "none" : option.default_value;
}

std::span<const std::string_view> variables_withheld_from_application() noexcept {
  return withheld;
}

}  // namespace slipway
