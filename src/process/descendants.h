#pragma once

#include <sys/types.h>

// All processes below this one, found in /proc. They stay below it whatever they do if it is PID 1 or a child subreaper
// (PR_SET_CHILD_SUBREAPER, prctl(2)): a daemon whose parent has ended becomes its child.
//
// Everything here is async-signal-safe, for those who have forked beside threads.

namespace slipway {

// Sends the signal to all of them but those in the process group `spared`. What is forked meanwhile may be missed.
// False if there is no /proc, or that of another PID namespace: nothing is sent then.
bool signal_descendants(int signal, pid_t spared = 0) noexcept;

// Sends SIGKILL, again and again, and reaps, until no child is left. Returns at once, with false, if there is no /proc.
bool kill_descendants() noexcept;

}  // namespace slipway
