#include "integration/silent_servers.h"

#include <array>
#include <stdexcept>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace slipway::fixture {

SilentListener::SilentListener(int type, const char* address, std::uint16_t port)
    : socket_{::socket(AF_INET, type | SOCK_CLOEXEC, 0)} {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  ::inet_pton(AF_INET, address, &at.sin_addr);
  socklen_t size = sizeof at;
  if (::bind(socket_, reinterpret_cast<const sockaddr*>(&at), size) != 0) throw std::runtime_error{"can't listen"};
  ::getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size);
  port_ = ntohs(at.sin_port);
  if (type == SOCK_STREAM) ::listen(socket_, 8);
}

SilentListener::~SilentListener() {
  ::close(socket_);
}

void SilentListener::wait_for_peer() const {
  pollfd descriptor{.fd = socket_, .events = POLLIN, .revents = 0};
  ::poll(&descriptor, 1, 20'000);
}

MuteServer::MuteServer(std::string encoding) : encoding_{std::move(encoding)}, listener_{SOCK_STREAM} {
  thread_ = std::thread{[this] { serve(); }};
}

MuteServer::~MuteServer() {
  ::shutdown(listener_.socket(), SHUT_RDWR);
  thread_.join();
}

std::string MuteServer::url() const {
  return "postgresql://nobody@127.0.0.1:" + std::to_string(listener_.port()) +
         "/none?sslmode=disable&gssencmode=disable";
}

void MuteServer::serve() {
  // PostgreSQL: "Message Formats": AuthenticationOk, ParameterStatus, ReadyForQuery.
  using namespace std::string_literals;
  const std::string welcome = "R\0\0\0\x08\0\0\0\0"s + "S\0\0\0\x18server_version\00013.4\0"s + "S\0\0\0"s +
                              static_cast<char>(21 + encoding_.size()) + "client_encoding\0"s + encoding_ + "\0"s +
                              "Z\0\0\0\x05I"s;
  std::vector<int> connections;
  for (int connection = 0; (connection = ::accept4(listener_.socket(), nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
    connections.push_back(connection);
    std::array<char, 4096> message{};
    static_cast<void>(::recv(connection, message.data(), message.size(), 0));
    static_cast<void>(::send(connection, welcome.data(), welcome.size(), MSG_NOSIGNAL));
    if (::recv(connection, message.data(), message.size(), 0) > 0 && message[0] == 'Q') {
      asked_ = true;
      asked_.notify_all();
    }
  }
  for (const int connection : connections)
    ::close(connection);
}

}  // namespace slipway::fixture
