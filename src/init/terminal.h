#pragma once

#include <optional>

#include <sys/types.h>

// The controlling terminal and its foreground process group (credentials(7), tty_ioctl(4)). The application's process
// group has to be in the foreground, so that it gets Ctrl-C and Ctrl-Z and can read.
//
// All signals are blocked here, SIGTTOU too, which is what lets a process in the background change the foreground
// (tcsetpgrp(3)).

namespace slipway {

class Terminal {
 public:
  // The controlling terminal of this process, if one of the descriptors 0, 1 and 2 is it.
  static std::optional<Terminal> controlling();

  // Async-signal-safe.
  void give_to(pid_t group) const noexcept;

  // Whether this process's own group is in the foreground. One in the background has no right to give it away.
  bool is_ours() const noexcept;

  // Gives it back to this process's group, so that whoever started it can read again: where `group` is in the
  // foreground, or a group that has no process any more. Any other has taken it by right, as a shell does while this
  // process is one of its background jobs.
  void take_back_from(pid_t group) const noexcept;

  // Before the application becomes a session leader that is to have the terminal: where this process leads the
  // session, it gives up the terminal, and the SIGHUP and SIGCONT that the kernel sends for that (TIOCNOTTY in
  // tty_ioctl(4)) are taken back.
  void give_up() const noexcept;

  // In the application: makes it the terminal of a new session leader. Async-signal-safe.
  void make_controlling() const noexcept;

 private:
  explicit Terminal(int descriptor) : descriptor_{descriptor} {}

  int descriptor_;
};

}  // namespace slipway
