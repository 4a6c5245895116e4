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

// The user's settings from flags, environment, slipway.toml and defaults, checked and typed. Code that needs a part of
// them gets only that part.

namespace slipway {

struct DatabaseSettings {
  std::optional<DatabaseUrl> url;         // MIGRATION_DATABASE_URL if it is given, else DATABASE_URL; where neither
                                          // is, libpq's PG* alone
  std::optional<DatabaseUrl> direct_url;  // past a pooler, for what needs a session of its own
  std::optional<std::string> role;        // SET ROLE for all that slipway does
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
  std::optional<ListenAddress> prepare_listen;           // where probes are answered until the launch
  std::optional<std::filesystem::path> termination_log;  // absent: Kubernetes' own, if it exists
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
