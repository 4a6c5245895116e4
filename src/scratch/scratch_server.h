#pragma once

#include <filesystem>

#include "process/stop_signals.h"
#include "scratch/scratch_keeper.h"
#include "settings/database_url.h"

// A private PostgreSQL server, run from the machine's binaries, for `scratch:` and `scratch:/path`.
//
// - It listens on a unix socket in a temporary folder and on no port. It never runs as root: as root, it is run by the
//   user `postgres`, else `nobody`, or by whoever owns the data that `scratch:/path` has.
// - `scratch:` holds its data in that folder and does without fsync. `scratch:/path` holds it in /path, durably, for
//   the next start to find.
// - Its one role has a random password, which the URL holds. So an application that runs as yet another user can
//   connect, and no other user of the machine. The folder can be entered by others only where slipway is root.
// - It is gone, with its folder, when this object is destroyed, or when the process that made it has ended, by SIGKILL
//   too and whatever it has become by exec(2) (see scratch/scratch_keeper.h). In a container whose PID 1 that process
//   is, the kernel ends it in the same moment, and the folder goes with the container.

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

  // For slipway and for the application alike: postgresql://scratch:…@/scratch?host=/folder&port=5432.
  const DatabaseUrl& url() const noexcept { return url_; }

 private:
  ScratchServer(const KeeperPlan& plan, StopSignals& signals);

  DatabaseUrl url_;
  ScratchKeeper keeper_;
};

}  // namespace slipway
