#pragma once

#include <optional>

#include <signal.h>

// The signals that stop slipway before the application runs. The kernel ignores a signal with its default action for
// PID 1 (pid_namespaces(7)); for any other process, the default action would leave a statement running on the server.
// So the signals are blocked and read from a descriptor, which is part of every wait in slipway.
//
// They are all the signals that end a program which does not handle them, because an image may have any of them as its
// STOPSIGNAL: SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGPWR, SIGRTMIN+3 … Not included are
//
//  - signals that slipway was started to ignore, for example SIGHUP by nohup(1). SIGTERM, SIGINT and SIGQUIT are always
//    included: a shell makes every background job of a script ignore the last two, and a user who sends one means it;
//  - SIGPIPE and the faults of a program (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP);
//  - 32 and 33, which the C library reserves for itself (nptl(7)).
//
// SIGWINCH, which does not end a program, is included if there is no terminal: the images of httpd and php:apache have
// it as their STOPSIGNAL. A terminal sends it when its window changes.

namespace slipway {

// Blocks the signals for its lifetime. Only one object may exist at a time; create it before any thread or child
// process. Blocked signals are never discarded, not even for PID 1 with the default action (kernel/signal.c,
// sig_ignored).
class StopSignals {
 public:
  StopSignals();   // throws Error (internal) if no descriptor is available
  ~StopSignals();  // restores the mask; a pending signal then has its default action
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // Becomes readable when a signal has arrived. Poll it, but do not read it.
  int descriptor() const noexcept { return descriptor_; }

  // The first signal that has arrived, if there is one.
  std::optional<int> received();

  // Throws Error with exit code 128+N if signal N has arrived.
  void check();

  // The signal mask that slipway was started with. Its child processes and the application get it.
  const sigset_t& inherited_mask() const noexcept { return inherited_; }

 private:
  int descriptor_ = -1;
  sigset_t inherited_{};
  std::optional<int> received_;
};

}  // namespace slipway
