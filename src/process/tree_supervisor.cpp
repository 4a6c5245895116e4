#include "process/tree_supervisor.h"

#include <algorithm>
#include <cerrno>
#include <optional>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/wait.h"
#include "process/descendants.h"
#include "process/signals.h"

namespace slipway {
namespace {

using namespace std::chrono_literals;

// The time after SIGKILL for the kernel to remove processes if /proc is not available.
constexpr auto time_to_die = 1s;

// Closes all descriptors from 3 on except those that are needed. It also closes slipway's end of the socket; otherwise
// the end of slipway could not be noticed.
void close_all_but(const TreeSupervision& supervision) noexcept {
  const auto is_needed = [&](int descriptor) {
    return descriptor == supervision.line || descriptor == supervision.output ||
           std::ranges::find(supervision.held, descriptor) != supervision.held.end();
  };
  int highest = std::max(supervision.line, supervision.output);
  for (const int descriptor : supervision.held)
    highest = std::max(highest, descriptor);
  for (int descriptor = STDERR_FILENO + 1; descriptor < highest; ++descriptor)
    if (!is_needed(descriptor)) ::close(descriptor);
  ::close_range(static_cast<unsigned>(highest) + 1, ~0U, 0);
}

class Supervisor {
 public:
  explicit Supervisor(const TreeSupervision& supervision) : supervision_{supervision}, line_{supervision.line} {}

  [[noreturn]] void run() noexcept {
    prepare();
    start();
    while (!is_alone_) {
      const auto ready = wait({readable(line_), readable(signals_)}, kill_at_);
      if (ready[0]) listen();
      if (ready[1]) drain();
      reap();
      if (kill_at_.has_passed()) kill();
    }
    ::_exit(0);
  }

 private:
  void prepare() noexcept;
  void start() noexcept;
  [[noreturn]] void become_command() noexcept;
  void listen() noexcept;
  void drain() const noexcept;
  void reap() noexcept;
  void stop(int signal) noexcept;
  void kill() noexcept;

  void report(TreeReport::What what, int value = 0) const noexcept {
    const TreeReport report{what, value};
    ::send(line_, &report, sizeof report, MSG_NOSIGNAL);
  }

  [[noreturn]] void give_up() const noexcept {
    report(TreeReport::What::not_executable, errno);
    ::_exit(1);
  }

  const TreeSupervision& supervision_;
  int line_;
  int signals_ = -1;
  bool ignores_sigchld_ = false;
  pid_t self_ = -1;
  pid_t command_ = -1;
  bool command_has_ended_ = false;
  bool is_stopping_ = false;
  bool is_alone_ = false;
  Deadline kill_at_ = Deadline::never();
};

void Supervisor::prepare() noexcept {
  self_ = ::getpid();
  // Not in slipway's process group, which a terminal or timeout(1) may signal.
  ::setpgid(0, 0);
  set_signal_mask(SignalSet::all());
  struct sigaction standard {};
  struct sigaction inherited {};
  standard.sa_handler = SIG_DFL;
  ::sigaction(SIGCHLD, &standard, &inherited);
  ignores_sigchld_ = inherited.sa_handler == SIG_IGN;
  sigset_t ended_child;
  ::sigemptyset(&ended_child);
  ::sigaddset(&ended_child, SIGCHLD);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  ::prctl(PR_SET_NAME, "slipway-tree", 0, 0, 0);
  close_all_but(supervision_);
  signals_ = ::signalfd(-1, &ended_child, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals_ < 0) give_up();
  // Closes slipway's output, so that its reader does not wait for the tree.
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int standard_descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    ::dup2(nothing, standard_descriptor);
}

void Supervisor::start() noexcept {
  command_ = ::fork();
  if (command_ == 0) become_command();
  if (command_ < 0) give_up();
  ::close(supervision_.output);
  ::setpgid(command_, command_);  // in both processes, so that it does not matter which runs first
  report(TreeReport::What::started, command_);
}

void Supervisor::become_command() noexcept {
  ::setpgid(0, 0);
  // If the supervisor is killed, at least the command is killed with it.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (::getppid() != self_) ::_exit(1);
  for (const int standard_descriptor : {STDOUT_FILENO, STDERR_FILENO})
    ::dup2(supervision_.output, standard_descriptor);
  if (ignores_sigchld_) ::signal(SIGCHLD, SIG_IGN);
  for (const int held : supervision_.held)
    ::close(held);
  set_signal_mask(SignalSet{supervision_.mask});
  ::execve(supervision_.program, supervision_.arguments, supervision_.environment);
  give_up();
}

void Supervisor::listen() noexcept {
  int signal = 0;
  const ssize_t size = ::recv(line_, &signal, sizeof signal, MSG_DONTWAIT);
  if (size == sizeof signal) return stop(signal);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  // slipway has ended.
  ::close(line_);
  line_ = -1;
  stop(SIGTERM);
}

void Supervisor::drain() const noexcept {
  signalfd_siginfo signal{};
  while (::read(signals_, &signal, sizeof signal) == sizeof signal) {
  }
}

void Supervisor::reap() noexcept {
  int status = 0;
  pid_t ended = 0;
  while ((ended = ::waitpid(-1, &status, WNOHANG)) > 0) {
    if (ended != command_) continue;
    command_has_ended_ = true;
    report(TreeReport::What::command_ended, status);
  }
  is_alone_ = ended < 0 && errno == ECHILD;
  if (is_alone_ || !command_has_ended_ || is_stopping_) return;
  report(TreeReport::What::left_behind);
  stop(SIGTERM);
}

// First the whole group at once, so that no new child is missed; then the processes that have left it.
void Supervisor::stop(int signal) noexcept {
  ::kill(-command_, signal);
  ::kill(-command_, SIGCONT);  // a stopped process receives the signal only then
  signal_descendants(signal, command_);
  signal_descendants(SIGCONT, command_);
  if (!is_stopping_) kill_at_ = Deadline::after(supervision_.patience);
  is_stopping_ = true;
}

void Supervisor::kill() noexcept {
  report(TreeReport::What::killed);
  ::kill(-command_, SIGKILL);
  if (kill_descendants()) ::_exit(0);
  const Deadline deadline = Deadline::after(time_to_die);
  while (!is_alone_ && !deadline.has_passed()) {
    wait({readable(signals_)}, deadline);
    drain();
    reap();
  }
  ::_exit(0);
}

}  // namespace

void supervise_tree(const TreeSupervision& supervision) noexcept {
  Supervisor{supervision}.run();
}

}  // namespace slipway
