#include "init/executable.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <ranges>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "init/unexecutable.h"

namespace slipway {
namespace {

constexpr std::string_view default_path = "/usr/local/bin:/bin:/usr/bin";
constexpr std::string_view listen_pid_name = "LISTEN_PID=";

std::string_view path_of(const std::vector<std::string>& environment) {
  constexpr std::string_view name = "PATH=";
  for (const std::string& string : environment)
    if (string.starts_with(name)) return std::string_view{string}.substr(name.size());
  return default_path;
}

// The files that the name may mean, in order. An empty folder in PATH is the working directory.
std::vector<std::string> candidates(const std::string& name, std::string_view path) {
  if (name.empty() || name.find('/') != std::string::npos) return {name};
  std::vector<std::string> files;
  for (const auto part : std::views::split(path, ':')) {
    std::string folder{part.begin(), part.end()};
    if (!folder.empty()) folder += '/';
    files.push_back(folder + name);
  }
  if (files.empty()) files.push_back(name);
  return files;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  result.reserve(strings.size() + 1);
  for (std::string& string : strings)
    result.push_back(string.data());
  result.push_back(nullptr);
  return result;
}

// What execvp goes on after: the next folder of PATH may have it.
bool look_further(int reason) {
  return reason == ENOENT || reason == ENOTDIR || reason == EACCES || reason == ESTALE || reason == ENODEV ||
         reason == ETIMEDOUT;
}

// A file the kernel has no format for is a script without "#!" unless it starts like a program of another machine.
// Async-signal-safe.
bool is_binary(const char* file) noexcept {
  std::array<char, 4> start{};
  const int descriptor = ::open(file, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const ssize_t size = ::read(descriptor, start.data(), start.size());
  ::close(descriptor);
  return size == 4 && std::memcmp(start.data(),
                                  "\x7f"
                                  "ELF",
                                  4) == 0;
}

}  // namespace

Executable::Executable(std::vector<std::string> command, std::vector<std::string> environment)
    : command_{std::move(command)},
      environment_{std::move(environment)},
      files_{candidates(command_.front(), path_of(environment_))},
      argv_{pointers(command_)},
      shell_argv_{argv_},
      envp_{pointers(environment_)} {
  static std::array<char, 8> shell{"/bin/sh"};
  shell_argv_.insert(shell_argv_.begin(), shell.data());
  for (std::size_t i = 0; i < environment_.size(); ++i)
    if (environment_[i].starts_with(listen_pid_name)) listen_pid_place_ = &envp_[i];
  if (listen_pid_place_ != nullptr) listen_pid_ = std::string{listen_pid_name} + std::string(12, '\0');
}

void Executable::listen_as(int previous) noexcept {
  if (listen_pid_place_ == nullptr) return;
  const std::string_view value = std::string_view{*listen_pid_place_}.substr(listen_pid_name.size());
  int named = 0;
  std::from_chars(value.data(), value.data() + value.size(), named);
  if (named != previous) return;
  char* digits = listen_pid_.data() + listen_pid_name.size();
  *std::to_chars(digits, listen_pid_.data() + listen_pid_.size() - 1, ::getpid()).ptr = '\0';
  *listen_pid_place_ = listen_pid_.data();
}

int Executable::execute() noexcept {
  int found = ENOENT;
  for (std::size_t i = 0; i < files_.size(); ++i) {
    const char* file = files_[i].c_str();
    ::execve(file, argv_.data(), envp_.data());
    int reason = errno;
    if (reason == ENOEXEC && !is_binary(file)) {
      shell_argv_[1] = files_[i].data();
      ::execve(shell_argv_[0], shell_argv_.data(), envp_.data());
      reason = errno;
    }
    if (!look_further(reason) || files_.size() == 1) {
      tried_ = i;
      return reason;
    }
    // A file that is there and can't be executed says more than the folders that don't have it.
    if (tried_ == not_tried && ::access(file, F_OK) == 0) {
      tried_ = i;
      found = reason;
    }
  }
  return found;
}

Error Executable::error(int errno_value) const {
  return tried_ == not_tried ? not_found_in_path(command_.front(), path_of(environment_))
                             : unexecutable(files_[tried_], errno_value);
}

}  // namespace slipway
