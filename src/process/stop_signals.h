#pragma once

#include <optional>

#include <signal.h>

// The signals that stop slipway while it prepares. As PID 1 a signal with its default action is ignored by the kernel
// (pid_namespaces(7)), and with any other PID the default action would leave a statement running on the server. So they
// are blocked and read from a descriptor, which every wait of slipway's includes.
//
// These are all signals that end a program without a handler, because an image may use any of them as its STOPSIGNAL:
// SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGPWR, SIGRTMIN+3 … Excluded are
//
// - those that slipway was started to ignore, as nohup(1) does with SIGHUP; but SIGTERM, SIGINT and SIGQUIT always are:
//   a shell has every job that a script puts into the background ignore the last two, and who sends one means it;
// - SIGPIPE, and the faults of a program's own (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP);
// - 32 and 33, which the C library keeps to itself (nptl(7)).
//
// SIGWINCH, which ends no program, is one of them if there is no terminal: the images of httpd and php:apache have
// it as their STOPSIGNAL. A terminal sends it when its window changes.

namespace slipway {

// Blocks the signals for its lifetime. Create only one, before any thread or child. Blocked signals are never
// discarded, not even for PID 1 with the default action (kernel/signal.c, sig_ignored).
class StopSignals {
 public:
  StopSignals();   // throws Error (internal) if the kernel has no descriptor left
  ~StopSignals();  // restores the mask; a signal still pending then has its default action
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // Becomes readable when a signal has arrived. Poll it; do not read it.
  int descriptor() const noexcept { return descriptor_; }

  // The signal that has arrived, if any; stays set once it has.
  std::optional<int> received();

  // Throws Error with exit code 128+N when signal N has arrived.
  void check();

  // The mask that slipway was started with, which its children and the application get.
  const sigset_t& inherited_mask() const noexcept { return inherited_; }

 private:
  int descriptor_ = -1;
  sigset_t inherited_{};
  std::optional<int> received_;
};

}  // namespace slipway
