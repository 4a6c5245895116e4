#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "log/log.h"
#include "settings/database_url.h"
#include "settings/listen_address.h"

// What the user asked for, from flags, environment, slipway.toml and defaults, checked and typed. Values
// only: whoever needs a setting is handed it.

namespace slipway {

// What to do about an applied revision whose statements were edited since.
enum class ChecksumPolicy { error, warn, ignore };

// What to do about a database at a revision that the migrations folder does not have: an older image.
enum class AheadPolicy { refuse, allow };

// What to do about a revision behind the head that was never applied.
enum class OutOfOrderPolicy { refuse, allow };

// What to do about a migrations folder that holds no migration.
enum class EmptyFolderPolicy { refuse, allow };

enum class ResultFormat { text, json };

struct Settings {
  std::optional<DatabaseUrl> database_url;  // MIGRATION_DATABASE_URL where it is given, else DATABASE_URL;
                                            // where neither is, libpq's PG* alone
  std::optional<DatabaseUrl> direct_url;    // past a pooler, for what needs a session of its own
  std::optional<std::string> role;          // SET ROLE for all that slipway does

  std::vector<std::filesystem::path> migrations;
  std::string version_table;
  std::optional<std::string> version_schema;  // absent: where the search path finds or puts the table

  std::optional<std::chrono::milliseconds> wait_timeout;  // absent: the command's own default
  std::chrono::milliseconds wait_grace{};                 // for failures that are perhaps final
  std::chrono::milliseconds connect_timeout{};            // of one attempt
  std::chrono::milliseconds lock_timeout{};               // of one attempt of a revision, 0: none
  std::chrono::milliseconds lock_wait{};                  // of all attempts, and for another replica, together
  std::chrono::milliseconds statement_timeout{};          // 0: none
  // Sessions that have blocked a migration for longer than this while idle in a transaction are ended; absent: never.
  std::optional<std::chrono::milliseconds> kill_idle_in_transaction;

  ChecksumPolicy checksums{};
  OutOfOrderPolicy out_of_order{};
  AheadPolicy ahead{};
  EmptyFolderPolicy empty_folder{};

  std::optional<std::string> migrate_with;  // an external migrator's command line, for a shell

  log::Level log_level{};
  log::Format log_format{};
  log::Color color{};
  ResultFormat format{};

  std::optional<ListenAddress> prepare_listen;           // where probes are answered until the launch
  std::optional<std::filesystem::path> termination_log;  // absent: Kubernetes' own, where it exists
  std::optional<std::filesystem::path> metrics_file;
};

}  // namespace slipway
