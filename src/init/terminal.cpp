#include "init/terminal.h"

#include <cerrno>
#include <chrono>

#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "process/signals.h"

namespace slipway {

std::optional<Terminal> Terminal::controlling() {
  // Fails if it is not a terminal, or if the terminal controls another session. 0 is a group of an outer PID namespace.
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::tcgetpgrp(descriptor) >= 0) return Terminal{descriptor};
  return std::nullopt;
}

void Terminal::give_to(pid_t group) const noexcept {
  ::tcsetpgrp(descriptor_, group);
}

bool Terminal::is_ours() const noexcept {
  return ::tcgetpgrp(descriptor_) == ::getpgrp();
}

void Terminal::take_back_from(pid_t group) const noexcept {
  const pid_t foreground = ::tcgetpgrp(descriptor_);
  const bool is_over = foreground == group || (foreground > 1 && ::kill(-foreground, 0) != 0 && errno == ESRCH);
  if (is_over && ::getpgrp() != 0) ::tcsetpgrp(descriptor_, ::getpgrp());
}

void Terminal::give_up() const noexcept {
  if (::getsid(0) != ::getpid()) return;
  const SignalSet before = pending_signals();
  ::ioctl(descriptor_, TIOCNOTTY);
  for (const int signal : {SIGHUP, SIGCONT})
    if (!before.has(signal)) take_signal(SignalSet::of(signal), std::chrono::nanoseconds::zero());
}

void Terminal::make_controlling() const noexcept {
  ::ioctl(descriptor_, TIOCSCTTY, 0);
}

}  // namespace slipway
