#pragma once

#include <utility>

#include <unistd.h>

namespace slipway {

// A file descriptor that is closed when its owner goes. -1: none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) noexcept : number_{number} {}
  ~Descriptor() { reset(); }
  Descriptor(Descriptor&& other) noexcept : number_{other.release()} {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    reset(other.release());
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const noexcept { return number_; }
  explicit operator bool() const noexcept { return number_ >= 0; }

  // Leaves the descriptor to the caller.
  int release() noexcept { return std::exchange(number_, -1); }

  // Closes the descriptor and owns another one. close(2) is not repeated after EINTR: Linux has closed it by then.
  void reset(int number = -1) noexcept {
    if (number_ >= 0) ::close(number_);
    number_ = number;
  }

 private:
  int number_ = -1;
};

}  // namespace slipway
