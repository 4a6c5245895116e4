#pragma once

#include <algorithm>
#include <chrono>
#include <random>

// The pauses between retries: exponential backoff up to a maximum. Each pause is shortened at random to as little as
// half, so that replicas that failed together do not retry together.

namespace slipway {

class Backoff {
 public:
  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds most,
          std::minstd_rand random = std::minstd_rand{std::random_device{}()})
      : next_{first}, first_{first}, most_{most}, random_{random} {}

  std::chrono::milliseconds next() { return next(most_); }

  // The next pause, but no longer than `at_most`.
  std::chrono::milliseconds next(std::chrono::milliseconds at_most) {
    const auto pause = std::min(next_, at_most);
    next_ = std::min(next_ * 2, most_);
    std::uniform_int_distribution<std::chrono::milliseconds::rep> jitter{pause.count() / 2, pause.count()};
    return std::chrono::milliseconds{jitter(random_)};
  }

  void reset() noexcept { next_ = first_; }

 private:
  std::chrono::milliseconds next_;
  std::chrono::milliseconds first_;
  std::chrono::milliseconds most_;
  std::minstd_rand random_;
};

}  // namespace slipway
