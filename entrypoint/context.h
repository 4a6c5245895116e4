#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "database/session.h"
#include "database/wait.h"
#include "graph/graph.h"
#include "ledger/ledger.h"
#include "process/environment.h"
#include "process/stop_signals.h"
#include "revision/folder.h"
#include "scratch/scratch_server.h"
#include "settings/resolve.h"
#include "settings/run_policy.h"

// What a command works with. Each part is made when it is first asked for, so that a command meets only the errors of
// what it uses: `create` needs no database, `version` no settings.

namespace slipway {

// Which commands wait for a server that is not there yet, where the user does not say (--wait-timeout).
enum class WaitsByDefault {
  always,            // those that exist to wait
  without_terminal,  // all others: a pipeline's step waits for its server; a person would rather be told at once
};

class Context {
 public:
  Context(Flags flags, std::vector<std::string> application)
      : flags_{std::move(flags)}, application_{std::move(application)} {}

  const ResolvedSettings& resolved();
  const Settings& settings() { return resolved().settings; }
  const Environment& environment() const noexcept { return environment_; }

  // The application's command line: what follows `run`.
  const std::vector<std::string>& application() const noexcept { return application_; }

  // As a person in the working folder would name them, for errors and logs.
  std::vector<std::filesystem::path> migrations_folders();

  // Where the reason of a failure is left; absent: nowhere. Where the settings themselves are wrong, what the flag or
  // the variable says counts, and a settings file is not believed.
  std::optional<std::filesystem::path> termination_log() const;

  StopSignals& signals();
  const Graph& graph();
  // For what a folder without any migration would have do nothing, and look as if all was well. To be called before
  // graph(), which then throws, unless --allow-empty says that it is meant to be so.
  void require_migrations() noexcept { empty_folder_ = EmptyFolder::refuse; }
  Ledger ledger();

  // Starts the scratch server where the URL asks for one.
  SessionOptions connection(Access access);
  // Past a pooler, where the user named a way.
  std::optional<SessionOptions> direct_connection();
  WaitPolicy wait_policy(WaitsByDefault waits);
  RunPolicy run_policy();

  // The database as others reach it: the scratch server's URL where there is one.
  DatabaseUrl url();
  bool has_scratch_server();

  // Host, port and name of the database as the settings have it, for logs and figures; without a secret.
  std::string database_description();

  // Whether the user said which database: libpq's own defaults alone name none, and a throwaway server knows nothing.
  bool has_database();

 private:
  Flags flags_;
  std::vector<std::string> application_;
  Environment environment_ = Environment::current();
  std::optional<ResolvedSettings> resolved_;
  std::unique_ptr<StopSignals> signals_;
  EmptyFolder empty_folder_ = EmptyFolder::warn;
  std::optional<Graph> graph_;
  std::unique_ptr<ScratchServer> scratch_;
};

}  // namespace slipway
