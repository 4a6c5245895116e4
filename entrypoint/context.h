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

// Everything that a command works with. Each part is created when it is first used, so that a command gets only the
// errors of the parts that it uses: `create` needs no database, and `version` needs no settings.

namespace slipway {

// Which commands wait for a server that is not available, unless --wait-timeout is given.
enum class WaitsByDefault {
  always,            // the commands whose purpose is to wait
  without_terminal,  // all other commands: without a terminal they wait; on a terminal they report the failure at once
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

  // As a user in the working directory would name them, for errors and logs.
  std::vector<std::filesystem::path> migrations_folders();

  // The file for the reason of a failure, or nothing if there is none. If the settings themselves are wrong, only the
  // flag and the variable count, and the settings file is ignored.
  std::optional<std::filesystem::path> termination_log() const;

  StopSignals& signals();
  const Graph& graph();
  // Throws Error (bad_migrations) if the folder holds no migration and --allow-empty is not given. For every command
  // that would otherwise do nothing and report success.
  void require_migrations();
  Ledger ledger();
  // For writing: if the version table has to be created, it has room for all ids of the folder.
  Ledger ledger_for(const Graph& graph);

  // Starts the scratch server if the URL asks for one.
  SessionOptions connection(Access access);
  // The connection that bypasses a pooler, if the user named one.
  std::optional<SessionOptions> direct_connection();
  WaitPolicy wait_policy(WaitsByDefault waits);

  // The URL by which others reach the database: that of the scratch server if there is one.
  DatabaseUrl url();
  bool has_scratch_server();

  // Host, port and name of the database from the settings, for logs and figures. Contains no secret.
  std::string database_description();

  // Whether the user named a database. libpq's defaults alone name none, and a throwaway server has no history to look
  // at.
  bool has_database();

 private:
  // The same URL, with the password file that libpq is to read; the log has a line if it will not.
  DatabaseUrl with_password_file(const DatabaseUrl& url);

  Flags flags_;
  std::vector<std::string> application_;
  Environment environment_ = Environment::current();
  std::optional<ResolvedSettings> resolved_;
  std::unique_ptr<StopSignals> signals_;
  std::optional<Graph> graph_;
  std::unique_ptr<ScratchServer> scratch_;
  std::string complaint_;  // the last complaint about a password file that was logged
};

}  // namespace slipway
