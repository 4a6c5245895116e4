#include "init/spawn.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>

#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace slipway {
namespace {

// The stack of the child until it executes the application.
class Stack {
 public:
  Stack() : memory_{::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0)} {
    if (memory_ == MAP_FAILED) throw Error{ExitCode::not_executable, "can't start the application: out of memory"};
  }
  ~Stack() { ::munmap(memory_, size); }
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;

  void* top() const noexcept { return static_cast<char*>(memory_) + size; }

 private:
  static constexpr std::size_t size = std::size_t{64} * 1024;
  void* memory_;
};

// Shared by parent and child until the application runs. The child writes it if it fails.
struct Attempt {
  const Application& application;
  pid_t parent;
  StepFailure step{};
  ExecuteFailure execution{};
};

// A signal that would stop the child before its exec. It must not, because the parent waits for the exec and could not
// forward SIGCONT.
volatile std::sig_atomic_t early_stop = 0;

// Call this while the signals are still blocked. execve(2) undoes it. Async-signal-safe.
void put_off_stops() noexcept {
  struct sigaction keep {};
  keep.sa_handler = [](int signal) { early_stop = signal; };
  keep.sa_flags = SA_RESTART;
  for (const int signal : {SIGTSTP, SIGTTIN, SIGTTOU}) {
    struct sigaction inherited {};
    ::sigaction(signal, &keep, &inherited);
    if (inherited.sa_handler == SIG_IGN) ::sigaction(signal, &inherited, nullptr);
  }
}

// The steps before the exec, in the only possible order: the process group while the terminal can still be changed, the
// terminal before the user, the user before its folder, the signal mask last. Async-signal-safe.
StepFailure prepare(const Attempt& attempt) noexcept {
  const Application& application = attempt.application;
  if (application.grouping == Grouping::session) {
    if (::setsid() < 0) return {"starting a session (setsid)", errno};
    if (application.terminal) application.terminal->make_controlling();
  } else {
    if (::setpgid(0, 0) != 0) return {"creating its process group (setpgid)", errno};
    if (application.terminal) application.terminal->give_to(::getpid());
  }
  if (const StepFailure failure = enter(application.place); failure.step != nullptr) return failure;
  if (application.no_new_privileges && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return {"forbidding new privileges (PR_SET_NO_NEW_PRIVS)", errno};
  if (application.ends_with_parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (::getppid() != attempt.parent) return {"checking that slipway-init still runs", ESRCH};
  }
  if (application.ignores_sigchld) {
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGCHLD, &ignore, nullptr);
  }
  application.executable.listen_as(attempt.parent);
  put_off_stops();
  set_signal_mask(application.mask);
  return {};
}

int become_application(void* argument) noexcept {
  Attempt& attempt = *static_cast<Attempt*>(argument);
  attempt.step = prepare(attempt);
  if (attempt.step.step == nullptr) attempt.execution = attempt.application.executable.execute();
  return 127;  // the child's exit status (clone(2))
}

Error fork_failed(int reason) {
  if (reason == EAGAIN)
    return Error{ExitCode::not_executable, "can't start the application: the limit on processes is reached",
                 "raise the limit: RLIMIT_NPROC (ulimit -u) or the container's (--pids-limit)"};
  return Error{ExitCode::not_executable, std::string{"can't start the application: "} + std::strerror(reason)};
}

}  // namespace

pid_t spawn(const Application& application) {
  const Stack stack;
  Attempt attempt{.application = application, .parent = ::getpid()};
  const pid_t child = ::clone(become_application, stack.top(), CLONE_VM | CLONE_VFORK | SIGCHLD, &attempt);
  if (child < 0) throw fork_failed(errno);
  if (attempt.step.step == nullptr && attempt.execution.errno_value == 0) {
    if (early_stop != 0) ::kill(child, early_stop);
    return child;
  }
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  if (application.terminal) application.terminal->take_back_from(child);
  if (attempt.step.step != nullptr) throw not_entered(application.place, attempt.step);
  // Examined from the folder in which it should have been executed.
  if (const StepFailure failure = enter({.user = {}, .working_directory = application.place.working_directory});
      failure.step != nullptr)
    throw not_entered(application.place, failure);
  throw application.executable.error(attempt.execution);
}

}  // namespace slipway
