#pragma once

#include <filesystem>

#include "process/stop_signals.h"
#include "scratch/scratch_keeper.h"
#include "settings/database_url.h"

// A private PostgreSQL server, run from the machine's binaries, for `scratch:` and `scratch:/path`.
//
// - It listens on a unix socket in a temporary folder and not on a port. It never runs as root: if slipway is root, the
//   server runs as the owner of the data in `scratch:/path`, otherwise as the user `postgres`, or else as `nobody`.
// - `scratch:` keeps its data in that folder and does not use fsync. `scratch:/path` keeps its data durably in /path,
//   so that the next start finds it.
// - Its only role has a random password, which is part of the URL. So an application that runs as another user can
//   connect, but other users of the machine can't. They can enter the folder only if slipway is root.
// - The server and its folder are removed when this object is destroyed. They are also removed when the process that
//   created it has ended, even by SIGKILL or after exec(2) (see scratch/scratch_keeper.h). If that process is PID 1 of
//   a container, the kernel kills the server at the same moment, and the folder goes with the container.

namespace slipway {

class ScratchServer {
 public:
  static constexpr const char* role = "scratch";      // a superuser
  static constexpr const char* database = "scratch";  // beside `postgres` and the templates

  // Returns when the server accepts connections and the database exists. A new folder takes about a second. `versions`
  // has a folder for each installed PostgreSQL, as on Debian. The newest is used, or the one that created the data. If
  // there is none, the programs are taken from PATH.
  //
  // Throws Error (bad_configuration) if there is no PostgreSQL or no user to run it as, or if /path is not such a
  // folder, is in use or belongs to another version; Error (unavailable) with the end of its log when the server does
  // not start; Error 128+N when signal N has arrived. Nothing is left behind then.
  ScratchServer(const DatabaseUrl& scratch, StopSignals& signals,
                const std::filesystem::path& versions = "/usr/lib/postgresql");

  // For slipway and the application: postgresql://scratch:…@/scratch?host=/folder&port=5432.
  const DatabaseUrl& url() const noexcept { return url_; }

 private:
  ScratchServer(const KeeperPlan& plan, StopSignals& signals);

  DatabaseUrl url_;
  ScratchKeeper keeper_;
};

}  // namespace slipway
