#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

// What looks like a server, and says little or nothing.

namespace slipway::fixture {

// Accepts, and never says a word.
class SilentListener {
 public:
  // `type` is SOCK_STREAM or SOCK_DGRAM; without a port it has a free one.
  explicit SilentListener(int type, const char* address = "127.0.0.1", std::uint16_t port = 0);
  ~SilentListener();
  SilentListener(const SilentListener&) = delete;
  SilentListener& operator=(const SilentListener&) = delete;

  int port() const noexcept { return port_; }
  int socket() const noexcept { return socket_; }
  // Until somebody has connected, or sent something.
  void wait_for_peer() const;

 private:
  int socket_;
  int port_;
};

// Takes a connection as PostgreSQL 13 does, and never answers the first question.
class MuteServer {
 public:
  // `encoding` is what it says that it takes the client's text for.
  explicit MuteServer(std::string encoding = "UTF8");
  ~MuteServer();
  MuteServer(const MuteServer&) = delete;
  MuteServer& operator=(const MuteServer&) = delete;

  std::string url() const;
  void wait_for_question() const { asked_.wait(false); }

 private:
  void serve();

  std::string encoding_;
  SilentListener listener_;
  std::atomic<bool> asked_ = false;
  std::thread thread_;
};

}  // namespace slipway::fixture
