#include "process/stop_signals.h"

#include <cerrno>
#include <cstring>
#include <string>

#include <sys/signalfd.h>
#include <unistd.h>

#include "error/error.h"

namespace slipway {

StopSignals::StopSignals() {
  sigset_t stopping;
  ::sigemptyset(&stopping);
  for (const int signal : {SIGTERM, SIGINT, SIGQUIT, SIGHUP})
    ::sigaddset(&stopping, signal);
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
  if (!received_ && ::read(descriptor_, &info, sizeof info) == sizeof info)
    received_ = static_cast<int>(info.ssi_signo);
  return received_;
}

void StopSignals::check() {
  if (const auto signal = received())
    throw Error{killed_by(*signal), std::string{"stopped by SIG"} + ::sigabbrev_np(*signal)};
}

}  // namespace slipway
