#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "error/error.h"

// A command made ready for execve(2), whether it can be executed, and why it could not be.
//
// execvp(3) does the same search, but says nothing of the reason, allocates on a stack that is not its own after
// vfork, and reads the PATH of the process, not the one that the command gets.

namespace slipway {

// What execve(2) has refused, or would. An errno of 0: nothing.
struct ExecuteFailure {
  static constexpr std::size_t no_file = static_cast<std::size_t>(-1);

  int errno_value = 0;
  std::size_t file = no_file;  // which of the files that the command may mean; no_file: there is none of them
};

// Everything execve needs, made before the fork, so that nothing is allocated after it.
class Executable {
 public:
  // The command as execvp finds it: a name without a slash in each folder of PATH (of the environment given; without
  // one, /usr/local/bin:/bin:/usr/bin), any other as it stands. `command` is not empty. The strings stay the caller's
  // and must outlive this object.
  Executable(std::span<const char* const> command, std::span<const char* const> environment);

  Executable(const Executable&) = delete;
  Executable& operator=(const Executable&) = delete;

  // Executes the first of the files that can be. Returns only when none can. A script without "#!" is run by /bin/sh,
  // as execvp and every shell do. Async-signal-safe, and safe in a child that shares the caller's memory.
  ExecuteFailure execute() noexcept;

  // What execute() would return now, as far as that can be known without executing anything: from the working
  // directory, and with the rights, that the caller has. What only the kernel can tell is taken for executable, as a
  // format that another program may be registered for (binfmt_misc). Async-signal-safe.
  ExecuteFailure check() const noexcept;

  // Sets LISTEN_PID, which names the process that is to take over sockets (sd_listen_fds(3)), to the caller's own id
  // where it named `previous`. Async-signal-safe.
  void listen_as(int previous) noexcept;

  // What to tell about the failure, with exit code 127 or 126. Looks at the file itself, so the working directory has
  // to be that of execute() or check().
  Error error(const ExecuteFailure& failure) const;

 private:
  std::vector<const char*> argv_;        // of the command itself
  std::vector<const char*> shell_argv_;  // "/bin/sh", a place for the file, and the arguments
  std::vector<const char*> envp_;
  std::vector<std::string> files_;
  std::array<char, 24> listen_pid_{};
  const char** listen_pid_place_ = nullptr;

  // Tries the files in order, by a function that returns an errno.
  template <typename Try>
  ExecuteFailure first_that_can(Try attempt) const noexcept;
};

// The strings, for whoever has them as such; they must outlive the result.
std::vector<const char*> pointers(std::span<const std::string> strings);

}  // namespace slipway
