#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// What an application under test writes and the benchmark reads while both run: a file that both have mapped. An init
// in between is not to see any of it, and whether it hands descriptors on is not to matter.

namespace slipway::bench {

struct Board {
  std::atomic<bool> ready;
  std::atomic<std::int64_t> handled_at;    // when the last signal was: steady_clock, nanoseconds; 0: not yet
  std::atomic<std::int64_t> reaped_after;  // nanoseconds; 0: not yet
  std::array<std::atomic<std::uint32_t>, 65> signals;  // how often each has arrived
};
static_assert(std::atomic<std::int64_t>::is_always_lock_free, "a signal handler writes it");

inline Board& map_board(const char* file) {
  const int descriptor = ::open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0 || ::ftruncate(descriptor, sizeof(Board)) != 0) throw std::runtime_error{"can't make the board"};
  void* memory = ::mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  ::close(descriptor);
  if (memory == MAP_FAILED) throw std::runtime_error{"can't map the board"};
  return *static_cast<Board*>(memory);
}

inline std::int64_t now() {
  return std::chrono::nanoseconds{std::chrono::steady_clock::now().time_since_epoch()}.count();
}

}  // namespace slipway::bench
