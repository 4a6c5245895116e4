#include "apply/delayed_link.h"

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace slipway::bench {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

void send_at_once(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

}  // namespace

DelayedLink::DelayedLink(int server_port, std::chrono::microseconds delay) : server_port_{server_port}, delay_{delay} {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0 ||
      ::pipe2(wake_.data(), SOCK_CLOEXEC) != 0)
    throw std::runtime_error{"the link can't listen"};
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread{[this] { serve(); }};
}

DelayedLink::~DelayedLink() {
  ::close(wake_[1]);
  thread_.join();
  for (const Pair& pair : pairs_)
    for (const Stream& stream : pair)
      ::close(stream.from);
  ::close(wake_[0]);
  ::close(listener_);
}

void DelayedLink::serve() {
  for (;;) {
    std::vector<pollfd> descriptors{{.fd = wake_[0], .events = POLLIN, .revents = 0},
                                    {.fd = listener_, .events = POLLIN, .revents = 0}};
    for (const Pair& pair : pairs_)
      for (const Stream& stream : pair)
        descriptors.push_back({.fd = stream.read_all ? -1 : stream.from, .events = POLLIN, .revents = 0});
    const auto left = std::max(next_due() - Clock::now(), Clock::duration::zero());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec timeout{.tv_sec = seconds.count(), .tv_nsec = std::chrono::nanoseconds{left - seconds}.count()};
    ::ppoll(descriptors.data(), descriptors.size(), &timeout, nullptr);
    if (descriptors[0].revents != 0) return;
    auto ready = descriptors.begin() + 2;
    for (Pair& pair : pairs_)
      for (Stream& stream : pair)
        if ((ready++)->revents != 0) take_in(stream);
    const auto now = Clock::now();
    for (auto pair = pairs_.begin(); pair != pairs_.end();) {
      for (Stream& stream : *pair)
        hand_over(stream, now);
      const bool over = std::ranges::all_of(*pair, &Stream::ended);
      if (over)
        for (const Stream& stream : *pair)
          ::close(stream.from);
      pair = over ? pairs_.erase(pair) : std::next(pair);
    }
    if (descriptors[1].revents != 0) accept_one();
  }
}

void DelayedLink::accept_one() {
  const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(server_port_);
  if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(client);
    ::close(server);
    return;
  }
  send_at_once(client);
  send_at_once(server);
  pairs_.push_back({Stream{.from = client, .to = server}, Stream{.from = server, .to = client}});
}

void DelayedLink::take_in(Stream& stream) const {
  std::string bytes(65536, '\0');
  const ssize_t count = ::recv(stream.from, bytes.data(), bytes.size(), 0);
  bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  stream.read_all = bytes.empty();
  stream.under_way.push_back({.due = Clock::now() + delay_, .bytes = std::move(bytes)});
}

void DelayedLink::hand_over(Stream& stream, Clock::time_point now) {
  while (!stream.under_way.empty() && stream.under_way.front().due <= now) {
    std::string_view rest = stream.under_way.front().bytes;
    if (rest.empty()) {
      ::shutdown(stream.to, SHUT_WR);
      stream.ended = true;
    }
    while (!rest.empty()) {
      const ssize_t sent = ::send(stream.to, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent <= 0) break;  // who does not listen any more is told by its own stream's end
      rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    stream.under_way.pop_front();
  }
}

DelayedLink::Clock::time_point DelayedLink::next_due() const {
  Clock::time_point due = Clock::now() + std::chrono::hours{1};
  for (const Pair& pair : pairs_)
    for (const Stream& stream : pair)
      if (!stream.under_way.empty()) due = std::min(due, stream.under_way.front().due);
  return due;
}

}  // namespace slipway::bench
