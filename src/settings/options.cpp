#include "settings/options.h"

#include <algorithm>
#include <array>

#include "error/error.h"
#include "settings/setting_member.h"

namespace slipway {
namespace {

using std::string_view;
using enum OptionKind;

using Database = DatabaseSettings;
using Wait = WaitSettings;
using Output = OutputSettings;
using Orchestrator = OrchestratorSettings;

constexpr std::array rows{
    Option{.key = "database-url",
           .variable = "DATABASE_URL",
           .file_variable = "DATABASE_URL_FILE",
           .kind = url,
           .default_note = "libpq's PG* variables",
           .value_name = "URL",
           .group = "Database",
           .description = "The database, as a URL or as libpq keywords; scratch: starts a throwaway server",
           .secrecy = Secrecy::secret},
    Option{.key = "migration-database-url",
           .variable = "MIGRATION_DATABASE_URL",
           .file_variable = "MIGRATION_DATABASE_URL_FILE",
           .kind = url,
           .default_note = "database-url",
           .value_name = "URL",
           .group = "Database",
           .description = "The URL that slipway uses instead of database-url; the application does not get it",
           .secrecy = Secrecy::secret},
    Option{.key = "direct-url",
           .variable = "DIRECT_URL",
           .file_variable = "DIRECT_URL_FILE",
           .kind = url,
           .value_name = "URL",
           .group = "Database",
           .description =
               "A way to the same database that bypasses a connection pooler, for scripts without a transaction",
           .secrecy = Secrecy::secret},
    to<&Settings::database, &Database::role>(
        {.key = "role",
         .variable = "SLIPWAY_ROLE",
         .kind = name,
         .value_name = "NAME",
         .group = "Database",
         .description =
             "The role to SET ROLE to for everything that slipway does, including the creation of its tables"}),
    to<&Settings::database, &Database::version_table>(
        {.key = "version-table",
         .variable = "SLIPWAY_VERSION_TABLE",
         .kind = table,
         .default_value = "alembic_version",
         .value_name = "NAME",
         .group = "Database",
         .description = "The table that holds the current heads, in the form that Alembic uses"}),
    to<&Settings::database, &Database::version_schema>(
        {.key = "version-schema",
         .variable = "SLIPWAY_VERSION_SCHEMA",
         .kind = name,
         .default_note = "from the search path",
         .value_name = "NAME",
         .group = "Database",
         .description = "The schema of the version table and the journal"}),
    to<&Settings::wait, &Wait::timeout>(
        {.key = "wait-timeout",
         .variable = "SLIPWAY_WAIT_TIMEOUT",
         .kind = duration,
         .default_note = "60s; on a terminal 0, except for run and wait",
         .value_name = "TIME",
         .group = "Waiting",
         .description = "How long to wait for the database to become available; 0 means one attempt"}),
    to<&Settings::wait, &Wait::grace>(
        {.key = "wait-grace",
         .variable = "SLIPWAY_WAIT_GRACE",
         .kind = duration,
         .default_value = "5s",
         .value_name = "TIME",
         .group = "Waiting",
         .description = "How long to retry after a wrong password, role or database name"}),
    to<&Settings::wait, &Wait::connect_timeout>(
        {.key = "connect-timeout",
         .variable = "SLIPWAY_CONNECT_TIMEOUT",
         .kind = duration,
         .default_value = "10s",
         .value_name = "TIME",
         .group = "Waiting",
         .description = "How long one attempt to connect to one address may take"}),
    to<&Settings::run, &RunPolicy::lock_timeout>(
        {.key = "lock-timeout",
         .variable = "SLIPWAY_LOCK_TIMEOUT",
         .kind = duration,
         .default_value = "3s",
         .value_name = "TIME",
         .group = "Locks and time limits",
         .description = "How long a statement may wait for a lock before the revision is retried; 0 means no limit"}),
    to<&Settings::run, &RunPolicy::lock_wait>(
        {.key = "lock-wait",
         .variable = "SLIPWAY_LOCK_WAIT",
         .kind = duration,
         .default_value = "5min",
         .value_name = "TIME",
         .group = "Locks and time limits",
         .description = "How long to retry for locks and to wait for another replica, over all attempts"}),
    to<&Settings::run, &RunPolicy::statement_timeout>(
        {.key = "statement-timeout",
         .variable = "SLIPWAY_STATEMENT_TIMEOUT",
         .kind = duration,
         .default_value = "0",
         .value_name = "TIME",
         .group = "Locks and time limits",
         .description = "How long one statement of a migration may run; 0 means no limit"}),
    to<&Settings::run, &RunPolicy::kill_idle_in_transaction>(
        {.key = "kill-blockers",
         .variable = "SLIPWAY_KILL_BLOCKERS",
         .kind = blockers,
         .default_note = "none",
         .value_name = "WHOM",
         .group = "Locks and time limits",
         .description = "idle-in-transaction:30s ends sessions that block a migration and are idle in a transaction "
                        "for that long"}),
    to<&Settings::migrations>({.key = "migrations",
                               .variable = "SLIPWAY_MIGRATIONS",
                               .kind = paths,
                               .default_value = "migrations",
                               .value_name = "FOLDER",
                               .group = "Migrations",
                               .description = "The folders that hold the migrations"}),
    to<&Settings::run, &RunPolicy::checksums>(
        {.key = "checksums",
         .variable = "SLIPWAY_CHECKSUMS",
         .default_value = "error",
         .value_name = "WHAT",
         .group = "Migrations",
         .description = "What to do if the statements of an applied migration were edited"}),
    to<&Settings::run, &RunPolicy::out_of_order>(
        {.key = "out-of-order",
         .variable = "SLIPWAY_OUT_OF_ORDER",
         .default_value = "refuse",
         .bare_flag = "allow",
         .value_name = "WHAT",
         .group = "Migrations",
         .description = "What to do if a revision behind the head was never applied"}),
    to<&Settings::run, &RunPolicy::ahead>(
        {.key = "ahead",
         .variable = "SLIPWAY_AHEAD",
         .default_value = "refuse",
         .value_name = "WHAT",
         .group = "Migrations",
         .description = "What to do if the database is at a revision that the migrations folder does not have"}),
    to<&Settings::migrate_with>(
        {.key = "migrate-with",
         .variable = "SLIPWAY_MIGRATE_WITH",
         .default_note = "slipway's own runner",
         .value_name = "COMMAND",
         .group = "Migrations",
         .description = "The command line of an external migrator, which a shell runs while slipway holds its lock"}),
    to<&Settings::output, &Output::log_level>({.key = "log-level",
                                               .variable = "SLIPWAY_LOG_LEVEL",
                                               .default_value = "info",
                                               .value_name = "LEVEL",
                                               .group = "Output",
                                               .description = "The lowest level that is logged"}),
    to<&Settings::output, &Output::log_format>(
        {.key = "log-format",
         .variable = "SLIPWAY_LOG_FORMAT",
         .default_value = "text",
         .value_name = "FORMAT",
         .group = "Output",
         .description = "The format of the log on stderr: text, JSON lines or logfmt"}),
    to<&Settings::output, &Output::color>(
        {.key = "color",
         .variable = "SLIPWAY_COLOR",
         .default_value = "auto",
         .value_name = "WHEN",
         .group = "Output",
         .description = "Colours in the log; auto means on a terminal, unless NO_COLOR is set"}),
    to<&Settings::output, &Output::format>({.key = "format",
                                            .variable = "SLIPWAY_FORMAT",
                                            .default_value = "text",
                                            .value_name = "FORMAT",
                                            .group = "Output",
                                            .description = "The format of results on stdout: text or JSON"}),
    to<&Settings::orchestrator, &Orchestrator::prepare_listen>(
        {.key = "prepare-listen",
         .variable = "SLIPWAY_PREPARE_LISTEN",
         .kind = address,
         .value_name = "ADDRESS",
         .group = "Orchestrators",
         .description =
             "The address at which run answers probes while it prepares: /livez with 200, all else with 503"}),
    to<&Settings::orchestrator, &Orchestrator::termination_log>(
        {.key = "termination-log",
         .variable = "SLIPWAY_TERMINATION_LOG",
         .kind = path,
         .default_note = "/dev/termination-log, if it exists",
         .value_name = "FILE",
         .group = "Orchestrators",
         .description = "The file for the reason if slipway itself fails, for Kubernetes"}),
    to<&Settings::orchestrator, &Orchestrator::metrics_file>(
        {.key = "metrics-file",
         .variable = "SLIPWAY_METRICS_FILE",
         .kind = path,
         .value_name = "FILE",
         .group = "Orchestrators",
         .description = "The file for the metrics of run, upgrade and downgrade, in Prometheus text format"}),
    Option{.key = "config",
           .variable = "SLIPWAY_CONFIG",
           .kind = path,
           .default_note = "slipway.toml, if it exists",
           .value_name = "FILE",
           .group = "Settings",
           .description = "The settings file",
           .in_settings_file = false},
};

constexpr std::array<string_view, 4> withheld{"MIGRATION_DATABASE_URL", "MIGRATION_DATABASE_URL_FILE", "DIRECT_URL",
                                              "DIRECT_URL_FILE"};

}  // namespace

std::span<const Option> options() noexcept {
  return rows;
}

const Option& option(std::string_view key) {
  const auto* row = std::ranges::find(rows, key, &Option::key);
  if (row == rows.end()) throw Error{ExitCode::internal, "there is no setting named " + std::string{key}};
  return *row;
}

std::vector<std::string> settings_file_keys() {
  std::vector<std::string> keys;
  for (const Option& row : rows)
    if (row.in_settings_file) keys.emplace_back(row.key);
  return keys;
}

std::vector<std::string> variable_names() {
  std::vector<std::string> names;
  for (const Option& row : rows) {
    names.emplace_back(row.variable);
    if (!row.file_variable.empty()) names.emplace_back(row.file_variable);
  }
  return names;
}

std::vector<std::string> choice_words(const Option& option) {
  std::vector<std::string> words;
  for (const Choice& choice : option.choices)
    words.emplace_back(choice.word);
  return words;
}

std::string_view unit(const Option& option) {
  switch (option.kind) {
    case text:
    case blockers:
      return "text";
    case name:
    case table:
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
