#include "process/executable.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/text.h"
#include "process/program_start.h"
#include "process/unexecutable.h"

namespace slipway {
namespace {

constexpr std::string_view default_path = "/usr/local/bin:/bin:/usr/bin";
constexpr std::string_view listen_pid_name = "LISTEN_PID=";

std::string_view path_of(std::span<const char* const> environment) {
  constexpr std::string_view name = "PATH=";
  for (const std::string_view string : environment)
    if (string.starts_with(name)) return string.substr(name.size());
  return default_path;
}

// A path, which is not searched for in PATH.
bool is_path(std::string_view name) noexcept {
  return name.empty() || name.find('/') != std::string_view::npos;
}

// The files that the name may mean, in order. An empty folder in PATH is the working directory.
std::vector<std::string> candidates(std::string_view name, std::string_view path) {
  if (is_path(name)) return {std::string{name}};
  std::vector<std::string> files;
  for (const std::string_view folder : split(path, ':'))
    files.push_back(std::string{folder}.append(folder.empty() ? "" : "/").append(name));
  return files;
}

std::vector<const char*> terminated(std::span<const char* const> strings) {
  std::vector<const char*> result;
  result.reserve(strings.size() + 1);
  result.assign(strings.begin(), strings.end());
  result.push_back(nullptr);
  return result;
}

// execve(2) does not change the strings; its parameter types are older than const.
int execute_file(const char* file, std::span<const char*> argv, std::span<const char*> envp) noexcept {
  return ::execve(file, const_cast<char* const*>(argv.data()), const_cast<char* const*>(envp.data()));
}

// The errors after which execvp(3) tries the next folder of PATH.
bool look_further(int reason) {
  return reason == ENOENT || reason == ENOTDIR || reason == EACCES || reason == ESTALE || reason == ENODEV ||
         reason == ETIMEDOUT;
}

// The first bytes of a file, as far as they are readable.
class Start {
 public:
  explicit Start(const char* file) noexcept {
    const Descriptor descriptor{::open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    size_ = ::read(descriptor.number(), bytes_.data(), bytes_.size());
  }
  std::string_view text() const noexcept { return {bytes_.data(), size_ < 0 ? 0 : static_cast<std::size_t>(size_)}; }

 private:
  std::array<char, program_start_size> bytes_;  // NOLINT(*-member-init): read into
  ssize_t size_;
};

// A file whose format the kernel does not know counts as a script without "#!", unless it begins like a program for
// another machine. Async-signal-safe.
bool is_binary(const char* file) noexcept {
  return is_elf(Start{file}.text());
}

// 0, or the errno with which execve would refuse the interpreter.
int reason_not_to_interpret(std::string_view interpreter) noexcept {
  std::array<char, PATH_MAX> path{};  // ends with zeros
  if (interpreter.empty() || interpreter.size() >= path.size()) return 0;
  std::ranges::copy(interpreter, path.begin());
  return ::access(path.data(), X_OK) == 0 ? 0 : errno;
}

// 0, or the errno with which execve would refuse the file. Uses access(2) and not faccessat(2) with AT_EACCESS, which
// old container runtimes refuse. Here the real and the effective user are the same. Async-signal-safe.
int reason_not_to_execute(const char* file) noexcept {
  struct stat status {};
  if (::access(file, X_OK) != 0 || ::stat(file, &status) != 0) return errno;
  if (!S_ISREG(status.st_mode)) return EACCES;
  const Start start{file};
  if (is_for_this_machine(start.text())) return reason_not_to_interpret(elf_loader(start.text()));
  return reason_not_to_interpret(script_interpreter(start.text()));
}

}  // namespace

Executable::Executable(std::span<const char* const> command, std::span<const char* const> environment)
    : argv_{terminated(command)},
      shell_argv_{argv_},
      envp_{terminated(environment)},
      files_{candidates(command.front(), path_of(environment))} {
  shell_argv_.insert(shell_argv_.begin(), "/bin/sh");
  for (std::size_t i = 0; i < environment.size(); ++i)
    if (std::string_view{environment[i]}.starts_with(listen_pid_name)) listen_pid_place_ = &envp_[i];
}

void Executable::listen_as(int previous) noexcept {
  if (listen_pid_place_ == nullptr) return;
  const std::string_view value = std::string_view{*listen_pid_place_}.substr(listen_pid_name.size());
  int named = 0;
  std::from_chars(value.data(), value.data() + value.size(), named);
  if (named != previous) return;
  auto* digits = std::ranges::copy(listen_pid_name, listen_pid_.begin()).out;
  *std::to_chars(digits, listen_pid_.end() - 1, ::getpid()).ptr = '\0';
  *listen_pid_place_ = listen_pid_.data();
}

template <typename Try>
ExecuteFailure Executable::first_that_can(Try attempt) const noexcept {
  ExecuteFailure failure{.errno_value = ENOENT};
  for (std::size_t i = 0; i < files_.size(); ++i) {
    const int reason = attempt(files_[i].c_str());
    if (reason == 0) return {};
    if (!look_further(reason) || is_path(argv_.front())) return {.errno_value = reason, .file = i};
    // A file that exists but can't be executed is a better error than a folder without it.
    if (failure.file == ExecuteFailure::no_file && ::access(files_[i].c_str(), F_OK) == 0)
      failure = {.errno_value = reason, .file = i};
  }
  return failure;
}

ExecuteFailure Executable::execute() noexcept {
  return first_that_can([this](const char* file) {
    execute_file(file, argv_, envp_);
    if (errno != ENOEXEC || is_binary(file)) return errno;
    shell_argv_[1] = file;
    execute_file(shell_argv_[0], shell_argv_, envp_);
    return errno;
  });
}

ExecuteFailure Executable::check() const noexcept {
  return first_that_can(reason_not_to_execute);
}

Error Executable::error(const ExecuteFailure& failure) const {
  return failure.file == ExecuteFailure::no_file
             ? not_found_in_path(argv_.front(), path_of({envp_.data(), envp_.size() - 1}))
             : unexecutable(files_[failure.file], failure.errno_value);
}

std::vector<const char*> pointers(std::span<const std::string> strings) {
  std::vector<const char*> result;
  result.reserve(strings.size());
  for (const std::string& string : strings)
    result.push_back(string.c_str());
  return result;
}

}  // namespace slipway
