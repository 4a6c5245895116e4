#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "log/log.h"
#include "settings/database_url.h"
#include "settings/listen_address.h"
#include "settings/run_policy.h"

// The user's settings from flags, environment, slipway.toml and defaults, checked and typed. These are plain values;
// pass on only the part that a function needs.

namespace slipway {

struct DatabaseSettings {
  std::optional<DatabaseUrl> url;         // MIGRATION_DATABASE_URL if it is set, otherwise DATABASE_URL; absent: only
                                          // libpq's PG* variables
  std::optional<DatabaseUrl> direct_url;  // bypasses a pooler, for work that needs one session throughout
  std::optional<std::string> role;        // SET ROLE for everything that slipway does
  std::string version_table;
  std::optional<std::string> version_schema;  // absent: the search path decides
};

struct WaitSettings {
  std::optional<std::chrono::milliseconds> timeout;  // absent: the command's own default
  std::chrono::milliseconds grace{};                 // for refusals that may be final
  std::chrono::milliseconds connect_timeout{};       // of one attempt at one address
};

enum class ResultFormat { text, json };

struct OutputSettings {
  log::Level log_level{};
  log::Format log_format{};
  log::Color color{};
  ResultFormat format{};  // of results, on stdout
};

struct OrchestratorSettings {
  std::optional<ListenAddress> prepare_listen;           // answers probes here until the launch
  std::optional<std::filesystem::path> termination_log;  // absent: Kubernetes' file, if it exists
  std::optional<std::filesystem::path> metrics_file;
};

struct Settings {
  DatabaseSettings database;
  WaitSettings wait;
  std::vector<std::filesystem::path> migrations;  // the folders
  bool allow_empty = false;                       // a folder without any migration is not an error
  std::optional<std::string> migrate_with;        // an external migrator's command line, for a shell
  RunPolicy run;
  OutputSettings output;
  OrchestratorSettings orchestrator;
};

}  // namespace slipway
