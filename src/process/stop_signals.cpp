#include "process/stop_signals.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "error/error.h"
#include "process/signal_name.h"

namespace slipway {

namespace {

// Signals whose default action is to end the process: signal(7).
constexpr std::array ending{SIGHUP,    SIGINT,  SIGQUIT, SIGABRT,   SIGUSR1, SIGUSR2, SIGALRM, SIGTERM,
                            SIGSTKFLT, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGIO,   SIGPWR};

bool is_ignored(int signal) {
  struct sigaction inherited {};
  ::sigaction(signal, nullptr, &inherited);
  return inherited.sa_handler == SIG_IGN;
}

// A terminal sends SIGWINCH even if it is not one of the standard descriptors. Without /dev/tty, as in some sandboxes,
// only those can be checked.
bool has_controlling_terminal() {
  const Descriptor terminal{::open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC)};
  if (terminal || errno == ENXIO) return static_cast<bool>(terminal);
  constexpr std::array standard{STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};
  return std::ranges::any_of(standard, [](int descriptor) { return ::tcgetpgrp(descriptor) >= 0; });
}

// The signals that may be meant to stop slipway.
sigset_t candidates() {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int signal : ending)
    ::sigaddset(&signals, signal);
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal)
    ::sigaddset(&signals, signal);
  ::sigaddset(&signals, SIGWINCH);
  return signals;
}

// Checked only when a signal has arrived, so that it costs nothing at the start.
bool is_meant_to_stop(int signal) {
  if (signal == SIGTERM || signal == SIGINT || signal == SIGQUIT) return true;
  if (signal == SIGWINCH && has_controlling_terminal()) return false;
  return !is_ignored(signal);
}

}  // namespace

StopSignals::StopSignals() {
  const sigset_t stopping = candidates();
  ::sigprocmask(SIG_BLOCK, &stopping, &inherited_);
  descriptor_ = ::signalfd(-1, &stopping, SFD_CLOEXEC | SFD_NONBLOCK);
  if (descriptor_ < 0) {
    const int reason = errno;
    ::sigprocmask(SIG_SETMASK, &inherited_, nullptr);
    throw Error{ExitCode::internal, std::string{"can't watch for signals: "} + std::strerror(reason)};
  }
}

StopSignals::~StopSignals() {
  ::close(descriptor_);
  ::sigprocmask(SIG_SETMASK, &inherited_, nullptr);
}

std::optional<int> StopSignals::received() {
  signalfd_siginfo info{};
  while (!received_ && ::read(descriptor_, &info, sizeof info) == sizeof info)
    if (const auto signal = static_cast<int>(info.ssi_signo); is_meant_to_stop(signal)) received_ = signal;
  return received_;
}

void StopSignals::check() {
  if (const auto signal = received()) throw Error{killed_by(*signal), "stopped by " + signal_name(*signal)};
}

}  // namespace slipway
