#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "error/error.h"

// A command made ready for execve(2), and why it could not be executed.
//
// execvp(3) does the same search, but says nothing of the reason, allocates on a stack that is not its own after
// vfork, and reads the PATH of the process, not the one that the command gets.

namespace slipway {

// Everything execve needs, made before the fork, so that nothing is allocated after it.
class Executable {
 public:
  // The command as execvp finds it: a name without a slash in each folder of PATH (of the environment given; without
  // one, /usr/local/bin:/bin:/usr/bin), any other as it stands. `command` is not empty. The strings stay the caller's
  // and must outlive this object.
  Executable(std::span<const char* const> command, std::span<const char* const> environment);

  Executable(const Executable&) = delete;
  Executable& operator=(const Executable&) = delete;

  // Executes the first of the files that can be. Returns only when none can, with the reason as an errno. A script
  // without "#!" is run by /bin/sh, as execvp and every shell do. Async-signal-safe, and safe in a child that shares
  // the caller's memory.
  int execute() noexcept;

  // Sets LISTEN_PID, which names the process that is to take over sockets (sd_listen_fds(3)), to the caller's own id
  // where it named `previous`. Async-signal-safe.
  void listen_as(int previous) noexcept;

  // After execute() has returned errno_value: what to tell, with exit code 127 or 126. Looks at the file itself, from
  // the working directory that execute() had.
  Error error(int errno_value) const;

 private:
  std::vector<const char*> argv_;        // of the command itself
  std::vector<const char*> shell_argv_;  // "/bin/sh", a place for the file, and the arguments
  std::vector<const char*> envp_;
  std::vector<std::string> files_;
  std::array<char, 24> listen_pid_{};
  const char** listen_pid_place_ = nullptr;

  static constexpr std::size_t not_tried = static_cast<std::size_t>(-1);
  std::size_t tried_ = not_tried;  // the file that the errno of execute() is about
};

// The strings, for whoever has them as such; they must outlive the result.
std::vector<const char*> pointers(std::span<const std::string> strings);

}  // namespace slipway
