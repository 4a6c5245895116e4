#include "process/signals.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sys/syscall.h>
#include <unistd.h>

namespace slipway {

static_assert(last_signal == _NSIG - 1, "the kernel's signal set has another size here");

SignalSet::SignalSet(const sigset_t& set) {
  std::memcpy(&bits_, &set, sizeof bits_);
}

SignalSet set_signal_mask(SignalSet mask) noexcept {
  const std::uint64_t wanted = mask.bits();
  std::uint64_t before = 0;
  ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &wanted, &before, sizeof before);
  return SignalSet{before};
}

SignalSet pending_signals() noexcept {
  std::uint64_t pending = 0;
  ::syscall(SYS_rt_sigpending, &pending, sizeof pending);
  return SignalSet{pending};
}

std::optional<siginfo_t> take_signal(SignalSet from, std::optional<std::chrono::nanoseconds> limit) noexcept {
  using std::chrono::seconds;
  const std::uint64_t bits = from.bits();
  siginfo_t info{};
  for (;;) {
    timespec time{};
    if (limit) {
      const auto left = std::max(*limit, std::chrono::nanoseconds::zero());
      time.tv_sec = std::chrono::duration_cast<seconds>(left).count();
      time.tv_nsec = (left % seconds{1}).count();
    }
    if (::syscall(SYS_rt_sigtimedwait, &bits, &info, limit ? &time : nullptr, sizeof bits) > 0) return info;
    // SIGSTOP and SIGCONT interrupt the wait without being accepted (signal(7)). The wait would start again with the
    // whole limit, so the caller is told and uses its own clock.
    if (errno != EINTR || limit) return std::nullopt;
  }
}

}  // namespace slipway
