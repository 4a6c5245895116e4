#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/descriptor.h"

// The process that keeps a scratch server: it makes the folder, runs initdb and the server as its children, watches the
// process that started it, and when that has ended, however it ended, it ends the server and removes the folder.
//
// It is a process of its own because slipway's goes on as slipway-init or as the application, and may be killed. Plain
// fork in place of Boost.Process: the keeper becomes another user and must be nobody's child but init's, and after the
// fork none but async-signal-safe calls are made, so that it may be started beside threads.
//
//   slipway ─ fork ─ (gone) ─ fork ─▶ keeper (session of its own, no terminal, cwd /) ─▶ initdb, postgres
//      ▲                                │
//      └── pidfd_open(2), poll(2) ──────┘
//
// The watch is opened before slipway goes on, so that there is no moment at which nobody would notice its end. Should
// the keeper itself be killed, the kernel sends the server SIGQUIT (PR_SET_PDEATHSIG, prctl(2)). SIGTERM ends it as the
// end of slipway does. PostgreSQL's processes are all reaped before the folder goes, the keeper adopts them
// (PR_SET_CHILD_SUBREAPER); whoever ignores SIGINT and SIGQUIT gets SIGKILL.

namespace slipway {

// Whom PostgreSQL runs as where slipway is root.
struct ServerUser {
  std::string name;
  uid_t uid;
  gid_t gid;
  std::vector<gid_t> groups;
};

// All that the keeper needs, made before the fork.
struct KeeperPlan {
  std::optional<ServerUser> user;  // absent: the user that slipway is
  std::string folder;              // made with mode `folder_mode`, removed at the end; holds the socket
  mode_t folder_mode;
  std::string home;      // holds data, log and password; `folder`, or a folder that exists and stays
  std::string role;      // of the superuser, for initdb
  std::string password;  // of the superuser, for initdb
  bool has_data;         // whether home has a data folder that is complete
  std::string initdb;    // program
  std::string postgres;  // program
  std::vector<std::string> initdb_options;
  std::vector<std::string> settings;  // "name=value", as `postgres -c` takes them
};

// How far the keeper has come, or where it failed.
enum class KeeperStep {
  become_user,
  make_folder,
  lock_home,
  write_home,
  make_data,
  start_server,
  started,
  server_ended
};

struct KeeperReport {
  KeeperStep step;
  int errno_value;  // why, or 0
  int wait_status;  // of initdb (make_data) or the server (server_ended), as waitpid(2) has it
};

// The names in a keeper's home.
namespace scratch_home {
inline constexpr const char* data = "data";            // what PostgreSQL calls PGDATA
inline constexpr const char* unfinished = "data.new";  // what initdb has not finished
inline constexpr const char* log = "log";              // of initdb and the server
inline constexpr const char* password = "password";
inline constexpr const char* lock = "slipway.lock";  // held by keeper and server, and the mark that a folder is ours
}  // namespace scratch_home

// slipway's end. Destroying it ends the keeper and waits for that; exec(2) only lets go, and the keeper watches on.
class ScratchKeeper {
 public:
  // Throws Error (internal) when no process can be had.
  explicit ScratchKeeper(const KeeperPlan& plan);
  ~ScratchKeeper();
  ScratchKeeper(const ScratchKeeper&) = delete;
  ScratchKeeper& operator=(const ScratchKeeper&) = delete;

  // Becomes readable when there is a report, or the keeper has ended.
  int descriptor() const noexcept { return line_.number(); }

  // The next report, or none yet. `started` comes when the server runs, before it takes connections. After a failure
  // the keeper waits, and its log can be read. Throws Error (internal) when the keeper has ended.
  std::optional<KeeperReport> report();

 private:
  Descriptor line_;
};

}  // namespace slipway
