#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <span>

#include <poll.h>

#include "base/deadline.h"

// The only wait on file descriptors. If a stop signal has to end the wait, include StopSignals::descriptor() and call
// StopSignals::check() afterwards.
//
//   const auto ready = wait({readable(socket), readable(signals.descriptor())}, Deadline::after(10s));
//   signals.check();
//   if (ready[0]) …

namespace slipway {

// A descriptor and the event to wait for. A negative descriptor is ignored.
constexpr pollfd readable(int descriptor) noexcept {
  return {.fd = descriptor, .events = POLLIN, .revents = 0};
}
constexpr pollfd writable(int descriptor) noexcept {
  return {.fd = descriptor, .events = POLLOUT, .revents = 0};
}
constexpr pollfd readable_or_writable(int descriptor) noexcept {
  return {.fd = descriptor, .events = POLLIN | POLLOUT, .revents = 0};
}

// Fills in `revents`. Returns when a descriptor is ready or the deadline has passed.
void wait(std::span<pollfd> descriptors, Deadline deadline) noexcept;

// The descriptors that are ready, at their places in the list: those that can be read or written without blocking,
// those whose other end has gone, and those that have an error. None is ready if the deadline has passed. A handler
// that interrupts the wait does not end it. Async-signal-safe.
template <std::size_t count>
std::bitset<count> wait(const pollfd (&descriptors)[count], Deadline deadline) noexcept {  // NOLINT(*-avoid-c-arrays)
  std::array<pollfd, count> polled = std::to_array(descriptors);
  wait(std::span<pollfd>{polled}, deadline);
  std::bitset<count> ready;
  for (std::size_t i = 0; i < count; ++i)
    ready[i] = polled[i].revents != 0;
  return ready;
}

}  // namespace slipway
