#include "measure/process.h"

#include <chrono>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture/temp_folder.h"

namespace slipway::bench {
namespace {

const std::filesystem::path& outputs() {
  static const fixture::TempFolder folder;
  return folder.path();
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> all;
  all.reserve(strings.size() + 1);
  for (std::string& string : strings)
    all.push_back(string.data());
  all.push_back(nullptr);
  return all;
}

double milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

}  // namespace

double now_s() {
  return std::chrono::duration<double>{std::chrono::steady_clock::now().time_since_epoch()}.count();
}

Process::Process(const Command& command) : name_{command.program.filename()} {
  static int count = 0;
  output_ = outputs() / std::to_string(++count);
  std::vector<std::string> words{command.program};
  words.insert(words.end(), command.arguments.begin(), command.arguments.end());
  std::map<std::string, std::string> environment{
      {"PATH", "/usr/bin:/bin"}, {"HOME", outputs()}, {"LC_ALL", "C"}, {"PYTHONDONTWRITEBYTECODE", "1"}};
  for (const auto& [name, value] : command.environment)
    environment[name] = value;
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment)
    variables.emplace_back(name).append("=").append(value);
  const std::vector<char*> argv = pointers(words);
  const std::vector<char*> envp = pointers(variables);

  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addchdir_np(&actions, command.folder.c_str());
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  started_s_ = now_s();
  const int failure = ::posix_spawn(&pid_, command.program.c_str(), &actions, nullptr, argv.data(), envp.data());
  ::posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) throw std::runtime_error{"can't start " + command.program.string()};
}

Process::~Process() {
  if (pid_ != 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  std::filesystem::remove(output_);
}

End Process::wait() {
  int status = 0;
  rusage usage{};
  ::wait4(std::exchange(pid_, 0), &status, 0, &usage);
  const double end = now_s();
  const int exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (exit_code != 0) throw std::runtime_error{name_ + " ended with " + std::to_string(exit_code) + ": " + output()};
  return {.exit_code = exit_code,
          .wall_ms = (end - started_s_) * 1e3,
          .processor_ms = milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime),
          .ended_s = end};
}

std::string Process::output() const {
  return fixture::read_file(output_);
}

End run(const Command& command) {
  return Process{command}.wait();
}

std::string output_of(const Command& command) {
  Process process{command};
  process.wait();
  return process.output();
}

// What execve(2) replaces counts as the new program's too: whatever this program starts seems as large as this one.
End run_with_memory(const Command& command) {
  const std::filesystem::path peak = outputs() / "peak";
  Command measured = command;
  measured.arguments.insert(measured.arguments.begin(), {peak, command.program});
  measured.program = PEAK_MEMORY;
  End end = run(measured);
  end.peak_memory_mb = std::stod(fixture::read_file(peak)) / 1024;
  return end;
}

}  // namespace slipway::bench
