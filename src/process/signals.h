#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include <signal.h>

// The signals of a process without handlers: all are blocked and accepted one by one.
//
// Why sigtimedwait and not signalfd, pidfd or handlers: it needs no descriptor (the init keeps none), no handler (so
// that dispositions stay as inherited, for the child), one system call a signal, and wakes up for nothing else. A
// blocked signal is queued even where its disposition is to ignore it, and even for PID 1 (kernel/signal.c,
// sig_ignored). A fault of the program itself still kills it, because the kernel delivers it even if it is blocked.
//
// The kernel is called directly, because glibc keeps signals 32 and 33 to itself (nptl(7)), and they can be sent
// too.

namespace slipway {

// The kernel's signal set: bit N-1 is signal N.
class SignalSet {
 public:
  constexpr SignalSet() = default;
  explicit constexpr SignalSet(std::uint64_t bits) : bits_{bits} {}
  explicit SignalSet(const sigset_t& set);

  static constexpr SignalSet all() { return SignalSet{~std::uint64_t{0}}; }
  static constexpr SignalSet of(int signal) { return SignalSet{std::uint64_t{1} << (signal - 1)}; }

  constexpr bool has(int signal) const { return (bits_ >> (signal - 1) & 1) != 0; }
  constexpr std::uint64_t bits() const { return bits_; }

 private:
  std::uint64_t bits_ = 0;
};

// The highest signal number, and with 0 for none the size of a table of signals.
constexpr int last_signal = 64;
constexpr int signal_count = last_signal + 1;

// Makes this the mask of blocked signals and returns the one before. Async-signal-safe.
SignalSet set_signal_mask(SignalSet mask) noexcept;

// The blocked signals that have arrived and were not taken yet.
SignalSet pending_signals() noexcept;

// Takes a blocked signal; waits for one at most that long, for ever without a limit. Nothing when the time is up.
std::optional<siginfo_t> take_signal(SignalSet from, std::optional<std::chrono::nanoseconds> limit) noexcept;

}  // namespace slipway
