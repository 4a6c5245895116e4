#include "init/supervised.h"

#include <array>
#include <cstdlib>
#include <fstream>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <pty.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace slipway::fixture {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds patience{60};

std::vector<std::string> environment(const SupervisedOptions& options) {
  const char* path = std::getenv("PATH");
  std::vector<std::string> result{std::string{"PATH="} + (path == nullptr ? "/usr/bin:/bin" : path), "LC_ALL=C"};
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"})
    if (const char* value = std::getenv(name)) result.push_back(std::string{name} + "=" + value);
  for (const auto& [name, value] : options.environment)
    result.push_back(std::string{name}.append("=").append(value));
  return result;
}

std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> result;
  result.reserve(strings.size() + 1);
  for (const std::string& string : strings)
    result.push_back(const_cast<char*>(string.c_str()));
  result.push_back(nullptr);
  return result;
}

void open_as(const std::filesystem::path& file, int descriptor) {
  const int opened = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  ::dup2(opened, descriptor);
}

void prepare_signals(const SupervisedOptions& options) {
  for (int number = 1; number < NSIG; ++number)
    if (number != SIGKILL && number != SIGSTOP) ::signal(number, SIG_DFL);
  for (const int number : options.ignored)
    ::signal(number, SIG_IGN);
  sigset_t mask;
  ::sigemptyset(&mask);
  for (const int number : options.blocked)
    ::sigaddset(&mask, number);
  ::sigprocmask(SIG_SETMASK, &mask, nullptr);
}

std::string read_descriptor(int descriptor) {
  std::string text;
  std::array<char, 4096> part{};
  for (ssize_t size = 0; (size = ::read(descriptor, part.data(), part.size())) > 0;)
    text.append(part.data(), static_cast<std::size_t>(size));
  return text;
}

}  // namespace

Supervised::Supervised(const std::vector<std::string>& command, const SupervisedOptions& options) {
  using Namespace = SupervisedOptions::Namespace;
  const std::vector<std::string> variables = environment(options);
  const std::vector<char*> argv = pointers(command);
  const std::vector<char*> envp = pointers(variables);
  int slave = -1;
  const bool has_terminal = options.terminal == SupervisedOptions::Terminal::controlling;
  if (has_terminal) {
    ::openpty(&terminal_, &slave, nullptr, nullptr, nullptr);
    for (const int descriptor : {terminal_, slave})
      ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    ::fcntl(terminal_, F_SETFL, O_NONBLOCK);
  }
  const unsigned long flags = options.pid_namespace == Namespace::none ? SIGCHLD : CLONE_NEWPID | CLONE_NEWNS | SIGCHLD;
  // A signal that is sent to the child before its mask and dispositions are set has to wait.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, &before);
  const auto child = static_cast<pid_t>(::syscall(SYS_clone, flags, nullptr, nullptr, nullptr, nullptr));
  if (child != 0) ::sigprocmask(SIG_SETMASK, &before, nullptr);
  if (child < 0) throw std::system_error{errno, std::generic_category(), "clone"};
  if (child == 0) {
    ::setsid();
    if (has_terminal) {
      ::ioctl(slave, TIOCSCTTY, 0);
      for (int descriptor = 0; descriptor < 3; ++descriptor)
        ::dup2(slave, descriptor);
    } else {
      ::dup2(::open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
      open_as(folder_.path() / "out", STDOUT_FILENO);
      open_as(folder_.path() / "err", STDERR_FILENO);
    }
    if (options.pid_namespace != Namespace::none) {
      ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
      if (options.pid_namespace == Namespace::pid)
        ::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr);
      else
        ::mount("none", "/proc", "tmpfs", 0, nullptr);
    }
    prepare_signals(options);
    options.before_exec();
    ::execve(argv[0], argv.data(), envp.data());
    ::_exit(99);
  }
  if (slave >= 0) ::close(slave);
  pid_ = child;
}

Supervised::~Supervised() {
  if (status_ == -1) {
    const pid_t application = child_of(pid_);
    ::kill(pid_, SIGCONT);
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    if (application > 0) ::kill(-application, SIGKILL);
  }
  if (terminal_ >= 0) ::close(terminal_);
}

void Supervised::signal(int number) const {
  // glibc's kill takes 32 and 33 too.
  if (::kill(pid_, number) != 0) throw std::system_error{errno, std::generic_category(), "kill"};
}

void Supervised::queue(int number, int value) const {
  if (::sigqueue(pid_, number, {.sival_int = value}) != 0)
    throw std::system_error{errno, std::generic_category(), "sigqueue"};
}

std::string Supervised::out() {
  if (terminal_ < 0) return read_file(folder_.path() / "out");
  shown_ += read_descriptor(terminal_);
  return shown_;
}

std::string Supervised::err() {
  return terminal_ < 0 ? read_file(folder_.path() / "err") : out();
}

bool Supervised::wait_until(const std::function<bool()>& holds) {
  const auto deadline = Clock::now() + patience;
  while (!holds()) {
    if (Clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return true;
}

pid_t Supervised::child_of(pid_t parent) {
  const std::string id = std::to_string(parent);
  std::ifstream children{"/proc/" + id + "/task/" + id + "/children"};
  pid_t child = 0;
  children >> child;
  return child;
}

char Supervised::state_of(pid_t process) {
  std::ifstream file{"/proc/" + std::to_string(process) + "/stat"};
  std::string line;
  std::getline(file, line);
  const auto name_end = line.rfind(')');
  return name_end == std::string::npos ? ' ' : line[name_end + 2];
}

void Supervised::type(std::string_view keys) const {
  if (::write(terminal_, keys.data(), keys.size()) < 0) throw std::system_error{errno, std::generic_category()};
}

void Supervised::hang_up() {
  out();
  ::close(terminal_);
  terminal_ = -1;
}

int Supervised::wait() {
  if (!wait_until([&] {
        if (terminal_ >= 0) out();  // a terminal that nobody reads holds up who writes to it
        return ::waitpid(pid_, &status_, WNOHANG) == pid_;
      })) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, &status_, 0);
  }
  if (terminal_ >= 0) out();
  return WIFSIGNALED(status_) ? 128 + WTERMSIG(status_) : WEXITSTATUS(status_);
}

bool can_make_namespaces() {
  const auto child = static_cast<pid_t>(
      ::syscall(SYS_clone, CLONE_NEWPID | CLONE_NEWNS | SIGCHLD, nullptr, nullptr, nullptr, nullptr));
  if (child == 0) ::_exit(0);
  if (child > 0) ::waitpid(child, nullptr, 0);
  return child > 0 || std::getenv("CI") != nullptr;
}

std::string probe() {
  return SLIPWAY_PROBE;
}

}  // namespace slipway::fixture
