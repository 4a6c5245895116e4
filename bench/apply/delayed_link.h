#pragma once

#include <array>
#include <chrono>
#include <deque>
#include <list>
#include <string>
#include <thread>

// A TCP link to a server on the loopback that takes its time: every byte arrives so much later than it was sent, in
// either direction, and as many may be under way as want to. So a question and its answer take twice the delay. A proxy
// and not tc-netem(8), which would need root and a kernel's module.

namespace slipway::bench {

class DelayedLink {
 public:
  DelayedLink(int server_port, std::chrono::microseconds delay);
  ~DelayedLink();
  DelayedLink(const DelayedLink&) = delete;
  DelayedLink& operator=(const DelayedLink&) = delete;

  int port() const noexcept { return port_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Parcel {
    Clock::time_point due;
    std::string bytes;  // empty: the end
  };
  struct Stream {
    int from = -1;
    int to = -1;
    std::deque<Parcel> under_way{};
    bool read_all = false;
    bool ended = false;
  };
  using Pair = std::array<Stream, 2>;

  void serve();
  void accept_one();
  void take_in(Stream& stream) const;
  static void hand_over(Stream& stream, Clock::time_point now);
  Clock::time_point next_due() const;

  int server_port_;
  std::chrono::microseconds delay_;
  int listener_ = -1;
  int port_ = 0;
  std::array<int, 2> wake_{-1, -1};
  std::list<Pair> pairs_;
  std::thread thread_;
};

}  // namespace slipway::bench
