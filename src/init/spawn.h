#pragma once

#include <optional>

#include <sys/types.h>

#include "init/terminal.h"
#include "process/application_place.h"
#include "process/executable.h"
#include "process/signals.h"

// Starts the application. This is the only fork of slipway-init.
//
// The child shares the memory of the parent, which is suspended until the child has executed the application or ended
// (CLONE_VM | CLONE_VFORK, as in posix_spawn(3)). So no page table is copied, no pipe is needed to report a failure,
// and there is no moment at which the application exists but is not yet in its process group or in the foreground of
// the terminal. Boost.Process forks and reports through a pipe; here that would take a third of the program's lifetime
// if the application is /bin/true.

namespace slipway {

enum class Grouping {
  process_group,  // a new process group in the session of slipway-init
  session,        // a new session, with the terminal if there is one
};

// The properties of the child. The caller owns everything; it must live only during spawn().
struct Application {
  Executable& executable;
  SignalSet mask;        // the signals that are blocked at its start
  bool ignores_sigchld;  // its disposition of SIGCHLD, the only one that slipway-init changes
  Grouping grouping;
  std::optional<Terminal> terminal;
  ApplicationPlace place;
  bool no_new_privileges;
  bool ends_with_parent;  // SIGKILL when slipway-init is killed (PR_SET_PDEATHSIG)
};

// Starts the application, which leads its own process group, and returns its process id. All signals must be blocked.
// If the application could not be started, throws Error with the reason and exit code 127 or 126; nothing is left
// behind then, but the working directory may be the application's.
pid_t spawn(const Application& application);

}  // namespace slipway
