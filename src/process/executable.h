#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "error/error.h"

// A command prepared for execve(2): it can be executed or checked, and a failure can be explained.
//
// execvp(3) does the same search, but it does not say why it failed, it allocates on a shared stack after vfork, and it
// reads the PATH of the process, not the one that the command gets.

namespace slipway {

// The reason why execve(2) failed or would fail. An errno of 0 means no failure.
struct ExecuteFailure {
  static constexpr std::size_t no_file = static_cast<std::size_t>(-1);

  int errno_value = 0;
  std::size_t file = no_file;  // index among the files that the command may mean; no_file: none of them exists
};

// Everything that execve needs, created before the fork, so that nothing is allocated after it.
class Executable {
 public:
  // Searches for the command as execvp does: a name without a slash in each folder of PATH (from `environment`; without
  // PATH, /usr/local/bin:/bin:/usr/bin), any other name as it is. `command` must not be empty. The strings belong to
  // the caller and must outlive this object.
  Executable(std::span<const char* const> command, std::span<const char* const> environment);

  Executable(const Executable&) = delete;
  Executable& operator=(const Executable&) = delete;

  // Executes the first file that can be executed. Returns only if there is none. A script without "#!" is run by
  // /bin/sh, as in execvp and every shell. Async-signal-safe, and safe in a child that shares the caller's memory.
  ExecuteFailure execute() noexcept;

  // Predicts what execute() would return, without executing anything, for the caller's working directory and
  // privileges. If only the kernel can tell, the file counts as executable: another program may be registered for its
  // format, for example (binfmt_misc). Async-signal-safe.
  ExecuteFailure check() const noexcept;

  // If LISTEN_PID is `previous`, sets it to the caller's process id. It names the process that takes over sockets
  // (sd_listen_fds(3)). Async-signal-safe.
  void listen_as(int previous) noexcept;

  // The error for the failure, with exit code 127 or 126. Looks at the file again, so the working directory must be
  // that of execute() or check().
  Error error(const ExecuteFailure& failure) const;

 private:
  std::vector<const char*> argv_;        // of the command itself
  std::vector<const char*> shell_argv_;  // "/bin/sh", the file, and the arguments
  std::vector<const char*> envp_;
  std::vector<std::string> files_;
  std::array<char, 24> listen_pid_{};
  const char** listen_pid_place_ = nullptr;

  // Tries the files in order. `attempt` returns 0 or an errno.
  template <typename Try>
  ExecuteFailure first_that_can(Try attempt) const noexcept;
};

// Pointers to the strings, which must outlive the result.
std::vector<const char*> pointers(std::span<const std::string> strings);

}  // namespace slipway
