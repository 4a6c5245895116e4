#pragma once

#include <optional>

#include <sys/types.h>

#include "init/terminal.h"
#include "process/application_place.h"
#include "process/executable.h"
#include "process/signals.h"

// Starts the application. This is the only fork of slipway-init.
//
// The child shares the memory of the parent, which stands still until the child has executed the application or ended
// (CLONE_VM | CLONE_VFORK, as posix_spawn(3) does). So there is no page table to copy, no pipe to carry the reason of
// a failure, and no moment in which the application exists but is not yet in its own process group or in the
// foreground of the terminal. Boost.Process forks and reports through a pipe; here that would be a third of the
// program's life when the application is /bin/true.

namespace slipway {

enum class Grouping {
  process_group,  // a group of its own in the session of slipway-init
  session,        // a session of its own, with the terminal if there is one
};

// The properties of the child. The caller owns everything; it must live only during spawn().
struct Application {
  Executable& executable;
  SignalSet mask;        // the blocked signals it is started with
  bool ignores_sigchld;  // its disposition of SIGCHLD, the only one that slipway-init changes
  Grouping grouping;
  std::optional<Terminal> terminal;
  ApplicationPlace place;
  bool no_new_privileges;
  bool ends_with_parent;  // SIGKILL when slipway-init is killed (PR_SET_PDEATHSIG)
};

// Starts the application and returns its process id; it leads its own process group. All signals are to be blocked.
// Throws Error with exit code 127 or 126 and the reason when it could not be started; nothing is left behind then,
// but the working directory may be the application's.
pid_t spawn(const Application& application);

}  // namespace slipway
