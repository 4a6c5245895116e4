#pragma once

#include <chrono>
#include <compare>

namespace slipway {

// The end of a wait. It is made from a duration, which may be negative or too long for the clock, and returns the
// remaining time, which is neither. Async-signal-safe.
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  static constexpr Deadline never() noexcept { return Deadline{Clock::time_point::max()}; }

  // A duration that is not positive is over at once.
  static Deadline after(std::chrono::milliseconds duration) noexcept {
    const Clock::time_point now = Clock::now();
    if (duration >= std::chrono::duration_cast<std::chrono::milliseconds>(Clock::time_point::max() - now))
      return never();
    return Deadline{duration.count() > 0 ? now + duration : now};
  }

  constexpr bool is_never() const noexcept { return end_ == Clock::time_point::max(); }
  bool has_passed() const noexcept { return !is_never() && Clock::now() >= end_; }

  // Never negative. Rounded up, so that a wait for that time does not end before the deadline. milliseconds::max() if
  // the deadline never comes.
  std::chrono::milliseconds left() const noexcept {
    using std::chrono::milliseconds;
    if (is_never()) return milliseconds::max();
    const Clock::time_point now = Clock::now();
    return now < end_ ? std::chrono::ceil<milliseconds>(end_ - now) : milliseconds::zero();
  }

  // The earlier one is less: std::min(a, b) is whichever comes first.
  friend constexpr auto operator<=>(const Deadline&, const Deadline&) = default;  // NOLINT(modernize-use-nullptr)

 private:
  explicit constexpr Deadline(Clock::time_point end) noexcept : end_{end} {}

  Clock::time_point end_;
};

}  // namespace slipway
