#pragma once

#include <optional>

#include <signal.h>

// SIGTERM, SIGINT, SIGQUIT and SIGHUP while slipway prepares. As PID 1 a signal with its default action is
// ignored by the kernel (pid_namespaces(7)), and with any other PID the default action would leave a
// statement running on the server. So they are blocked and read from a descriptor, which every wait of
// slipway's polls beside its own.

namespace slipway {

// Blocks the signals for its lifetime. One at a time; to be made before any thread or child. Blocked signals
// are never discarded, not even for PID 1 with the default action (kernel/signal.c, sig_ignored).
class StopSignals {
 public:
  StopSignals();   // throws Error (internal) when the kernel has no descriptor to give
  ~StopSignals();  // restores the mask; a signal still pending then has its default action
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // Becomes readable when a signal has arrived. To be polled, not read.
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
