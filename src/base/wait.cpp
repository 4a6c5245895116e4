#include "base/wait.h"

#include <algorithm>
#include <cerrno>
#include <limits>

namespace slipway {
namespace {

// For poll(2), -1 means no limit. An int of milliseconds holds 24 days.
int timeout_for(Deadline deadline) noexcept {
  if (deadline.is_never()) return -1;
  const auto left = deadline.left().count();
  return static_cast<int>(std::min<decltype(left)>(left, std::numeric_limits<int>::max()));
}

}  // namespace

void wait(std::span<pollfd> descriptors, Deadline deadline) noexcept {
  for (;;) {
    const int ready = ::poll(descriptors.data(), descriptors.size(), timeout_for(deadline));
    if (ready > 0 || (ready == 0 && deadline.has_passed())) return;
    if (ready >= 0 || errno == EINTR) continue;
    // The kernel is short of memory. Try again in a moment.
    for (pollfd& descriptor : descriptors)
      descriptor.revents = 0;
    if (deadline.has_passed()) return;
    ::poll(nullptr, 0, 10);
  }
}

}  // namespace slipway
