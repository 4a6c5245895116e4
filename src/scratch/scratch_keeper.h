#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/descriptor.h"

// The process that keeps a scratch server. It creates the folder, runs initdb and the server as its children, and
// watches the process that started it. When that process has ended, in whatever way, the keeper ends the server and
// removes the folder.
//
// It is a separate process because slipway's process becomes slipway-init or the application, and may be killed. It
// uses fork directly instead of Boost.Process, because the keeper becomes another user and must be a child of init.
// After the fork only async-signal-safe calls are made, so it can be started while threads run.
//
//   slipway ─ fork ─ (gone) ─ fork ─▶ keeper (separate session, no terminal, cwd /) ─▶ initdb, postgres
//      ▲                                │
//      └── pidfd_open(2), poll(2) ──────┘
//
// The watch is opened before slipway continues, so that its end is always noticed. If the keeper itself is killed, the
// kernel sends SIGQUIT to the server (PR_SET_PDEATHSIG, prctl(2)). SIGTERM has the same effect as the end of slipway.
// The keeper adopts all of PostgreSQL's processes (PR_SET_CHILD_SUBREAPER) and reaps them before it removes the folder.
// A process that ignores SIGINT and SIGQUIT gets SIGKILL.

namespace slipway {

// The user that runs PostgreSQL if slipway is root.
struct ServerUser {
  std::string name;
  uid_t uid;
  gid_t gid;
  std::vector<gid_t> groups;
};

// Everything that the keeper needs, prepared before the fork.
struct KeeperPlan {
  std::optional<ServerUser> user;  // absent: slipway's user
  std::string folder;              // created with mode `folder_mode`, removed at the end; contains the socket
  mode_t folder_mode;
  std::string home;      // contains data, log and password; `folder`, or an existing folder that is kept
  std::string role;      // of the superuser, for initdb
  std::string password;  // of the superuser, for initdb
  bool has_data;         // whether home has a complete data folder
  std::string initdb;    // program
  std::string postgres;  // program
  std::vector<std::string> initdb_options;
  std::vector<std::string> settings;  // "name=value", as `postgres -c` takes them
};

// The keeper's last step, or the step that failed.
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
  int errno_value;  // the reason, or 0
  int wait_status;  // of initdb (make_data) or the server (server_ended), from waitpid(2)
};

// The names in a keeper's home.
namespace scratch_home {
inline constexpr const char* data = "data";            // PostgreSQL's PGDATA
inline constexpr const char* unfinished = "data.new";  // data that initdb has not completed
inline constexpr const char* log = "log";              // of initdb and the server
inline constexpr const char* password = "password";
inline constexpr const char* lock = "slipway.lock";  // held by keeper and server; also marks the folder as slipway's
}  // namespace scratch_home

// slipway's side of the keeper. Its destructor ends the keeper and waits for that. After an exec(2), the keeper
// continues to watch.
class ScratchKeeper {
 public:
  // Throws Error (internal) if no process can be created.
  explicit ScratchKeeper(const KeeperPlan& plan);
  ~ScratchKeeper();
  ScratchKeeper(const ScratchKeeper&) = delete;
  ScratchKeeper& operator=(const ScratchKeeper&) = delete;

  // Readable if there is a report, or if the keeper has ended.
  int descriptor() const noexcept { return line_.number(); }

  // The next report; absent if there is none yet. The keeper reports `started` when the server runs, before it accepts
  // connections. After a failure the keeper keeps running, so that the log can be read. Throws Error (internal) if the
  // keeper has ended.
  std::optional<KeeperReport> report();

 private:
  Descriptor line_;
};

}  // namespace slipway
