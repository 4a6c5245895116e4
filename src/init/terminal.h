#pragma once

#include <optional>

#include <sys/types.h>

// The controlling terminal and its foreground process group (credentials(7), tty_ioctl(4)). The application's process
// group has to be in the foreground, so that it gets Ctrl-C and Ctrl-Z and can read.
//
// All signals are blocked here, including SIGTTOU, so that a process in the background can change the foreground
// (tcsetpgrp(3)).

namespace slipway {

class Terminal {
 public:
  // The controlling terminal of this process, if one of the descriptors 0, 1 and 2 is it.
  static std::optional<Terminal> controlling();

  // Async-signal-safe.
  void give_to(pid_t group) const noexcept;

  // Whether the process group of this process is in the foreground. A process in the background must not give the
  // terminal away.
  bool is_ours() const noexcept;

  // Gives the terminal back to the process group of this process, so that the program that started it can read again.
  // Does so only if `group`, or a group without processes, is in the foreground. Any other group has taken the terminal
  // rightfully, as a shell does while this process is one of its background jobs.
  void take_back_from(pid_t group) const noexcept;

  // Call it before the application becomes a session leader that takes the terminal. If this process leads the session,
  // it gives up the terminal, and discards the SIGHUP and SIGCONT that the kernel sends for that (TIOCNOTTY in
  // tty_ioctl(4)).
  void give_up() const noexcept;

  // Call it in the application's process: makes this the terminal of a new session leader. Async-signal-safe.
  void make_controlling() const noexcept;

 private:
  explicit Terminal(int descriptor) : descriptor_{descriptor} {}

  int descriptor_;
};

}  // namespace slipway
