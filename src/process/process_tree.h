#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <signal.h>
#include <sys/types.h>

#include "base/descriptor.h"

// A command with all the processes that it starts, which are to end together: those that it forgets, those that make a
// session of their own, and daemons, whose parent ends on purpose.
//
//   slipway ─ fork ─▶ supervisor ─ fork ─▶ the command ─▶ …
//
// The supervisor is a child subreaper: a process that loses its parent becomes its child, so none escapes. It ends the
// tree (SIGTERM, some patience, SIGKILL) when it is asked to, when the command has ended and left something behind, and
// when slipway has ended, by SIGKILL too: its end of a socket is closed then. It ends when nothing of the tree is left.
//
// Why a separate process: slipway may be killed, and only an ancestor can find a daemon. Why not a PID namespace, which
// the kernel ends in one go: it takes CAP_SYS_ADMIN or a user namespace, which containers mostly do not have, and the
// processes in it have other ids than the logs and locks of the outside say. Why not a cgroup: its file system is
// read-only in containers. Why not slipway-init: it need not be installed, and it ends at once if it is killed with its
// parent. If a process changes to a user that slipway may not signal, the supervisor waits for it and does not kill it.
//
// Without /proc, a process that has left the command's process group is not found: its supervisor leaves it behind,
// a second after SIGKILL.

namespace slipway {

class ProcessTree {
 public:
  struct Command {
    std::string program{};                   // a path
    std::vector<std::string> arguments{};    // without the program's own name
    std::vector<std::string> environment{};  // "NAME=VALUE"
    sigset_t mask{};                         // the signals blocked for it
    int output = -1;                         // its standard output and error; it reads nothing
    // What the supervisor keeps open until the tree has ended, slipway having ended or not.
    std::vector<int> held{};
    // Between SIGTERM and SIGKILL.
    std::chrono::milliseconds patience{};
  };

  // Throws Error (internal) if no process can be started.
  explicit ProcessTree(const Command& command);
  // Ends the tree, if it has not ended, and waits for that.
  ~ProcessTree();
  ProcessTree(const ProcessTree&) = delete;
  ProcessTree& operator=(const ProcessTree&) = delete;

  enum class Event {
    command_ended,
    left_behind,  // other processes are left, and were sent SIGTERM
    killed,       // they were sent SIGKILL: the patience is over
    over,         // nothing is left
  };

  // Becomes readable when there is an event.
  int descriptor() const noexcept { return line_.number(); }

  // The next event, or none yet. `over` is the last one. Throws Error (126, 127) if the program can't be executed.
  std::optional<Event> event();

  // Whether the event `over` has been.
  bool is_over() const noexcept { return is_over_; }

  // Of the command itself, 128+N when signal N ended it. Absent before it has ended, and for ever if somebody has
  // killed the supervisor.
  std::optional<int> exit_code() const noexcept { return exit_code_; }

  // Sends the signal to all processes of the tree, and SIGKILL when the patience is over.
  void stop(int signal);

 private:
  void end();

  std::string program_;
  pid_t supervisor_ = -1;
  Descriptor line_;
  pid_t command_ = -1;
  bool is_over_ = false;
  std::optional<int> exit_code_;
};

}  // namespace slipway
