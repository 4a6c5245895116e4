#pragma once

#include <utility>

#include <unistd.h>

namespace slipway {

// Owns a file descriptor and closes it in its destructor. -1 means no descriptor.
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

  // Passes ownership of the descriptor to the caller.
  int release() noexcept { return std::exchange(number_, -1); }

  // Closes the descriptor and takes ownership of another one. close(2) is not repeated after EINTR, because Linux has
  // closed the descriptor by then.
  void reset(int number = -1) noexcept {
    if (number_ >= 0) ::close(number_);
    number_ = number;
  }

 private:
  int number_ = -1;
};

}  // namespace slipway
