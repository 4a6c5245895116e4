#pragma once

#include <sys/types.h>

// All descendants of this process, found in /proc. If this process is PID 1 or a child subreaper
// (PR_SET_CHILD_SUBREAPER, prctl(2)), no process can leave them: a daemon whose parent has ended becomes a child of
// this process.
//
// Everything here is async-signal-safe, so that a child forked from a program with threads can use it.

namespace slipway {

// Sends the signal to all descendants except those in the process group `spared`. A process that is forked in the
// meantime may be missed. Returns false, and sends nothing, if there is no /proc or if it belongs to another PID
// namespace.
bool signal_descendants(int signal, pid_t spared = 0) noexcept;

// Sends SIGKILL repeatedly and reaps until no child is left. Returns false at once if signal_descendants() does.
bool kill_descendants() noexcept;

}  // namespace slipway
