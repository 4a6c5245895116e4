#include "status/probe_server.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <exception>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "error/error.h"

namespace slipway {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

constexpr std::size_t most_clients = 64;
constexpr std::uint32_t longest_request = 8192;  // request line and headers; a body is discarded
constexpr auto patience = 5s;                    // for everything that one client does

// Opens the socket without Asio, because Asio 1.74 does not set SOCK_CLOEXEC: a migrator that is started meanwhile must
// not inherit the application's port.
int listening_socket(const tcp::endpoint& endpoint) {
  const int family = endpoint.protocol().family();
  const int descriptor = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return -1;
  // An earlier application may have left connections in TIME_WAIT. Two listeners at once remain impossible (socket(7)).
  const int on = 1;
  const int off = 0;
  ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  // Makes the unspecified IPv6 address cover IPv4 too (ipv6(7)), regardless of the system's default.
  if (family == AF_INET6 && endpoint.address().is_unspecified())
    ::setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (::bind(descriptor, endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0 &&
      ::listen(descriptor, SOMAXCONN) == 0)
    return descriptor;
  const int reason = errno;
  ::close(descriptor);
  errno = reason;
  return -1;
}

struct Listener {
  int descriptor;
  tcp protocol;
};

Listener listen(const ListenAddress& address) {
  const bool every = address.host.empty();
  tcp::endpoint endpoint{asio::ip::make_address(every ? "::" : address.host), address.port};
  int descriptor = listening_socket(endpoint);
  if (descriptor < 0 && every && (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL)) {  // no IPv6 here
    endpoint = {tcp::v4(), address.port};
    descriptor = listening_socket(endpoint);
  }
  if (descriptor >= 0) return {descriptor, endpoint.protocol()};
  const int reason = errno;
  throw Error{ExitCode::bad_configuration,
              "can't answer probes at " + to_string(address) + ": " + std::strerror(reason),
              "set --prepare-listen to the application's address, and check that no other process listens there"};
}

// One client: reads the request, sends the answer, and waits for the client to close the connection. The side that
// closes first keeps the port in TIME_WAIT. That should be the client, so a client that does not close is reset. The
// object lives as long as one of its operations is pending.
class Client : public std::enable_shared_from_this<Client> {
 public:
  Client(tcp::socket socket, const Preparation& preparation) : stream_{std::move(socket)}, preparation_{preparation} {
    // Makes close() reset the connection. Asio's own linger option does not work here: its destructors revert it.
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(stream_.socket().native_handle(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    request_.header_limit(longest_request);
  }

  void serve() {
    stream_.expires_after(patience);
    http::async_read_header(stream_, buffer_, request_, [self = shared_from_this()](error_code failure, std::size_t) {
      if (!failure) self->answer();
    });
  }

  void close() { stream_.close(); }

 private:
  void answer() {
    const auto target = request_.get().target();
    const bool asks_for_life = target.substr(0, target.find('?')) == "/livez";
    response_.version(11);
    response_.result(asks_for_life ? http::status::ok : http::status::service_unavailable);
    response_.keep_alive(false);
    response_.set(http::field::content_type, "application/json");
    response_.set(http::field::cache_control, "no-store");
    if (!asks_for_life) response_.set(http::field::retry_after, "1");
    response_.body() = as_json(preparation_.now()) + "\n";
    response_.prepare_payload();
    serializer_.emplace(response_);
    const auto sent = [self = shared_from_this()](error_code failure, std::size_t) {
      if (!failure) self->wait_for_end();
    };
    if (request_.get().method() == http::verb::head)
      http::async_write_header(stream_, *serializer_, sent);
    else
      http::async_write(stream_, *serializer_, sent);
  }

  // Discards everything that follows, such as a body.
  void wait_for_end() {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(longest_request),
                            [self = shared_from_this()](error_code failure, std::size_t) {
                              if (!failure) self->wait_for_end();
                            });
  }

  beast::tcp_stream stream_;
  const Preparation& preparation_;
  beast::flat_buffer buffer_;
  http::request_parser<http::empty_body> request_;
  http::response<http::string_body> response_;
  std::optional<http::response_serializer<http::string_body>> serializer_;
};

// Accepts the clients.
class Door {
 public:
  Door(asio::io_context& context, const Listener& listener, const Preparation& preparation)
      : acceptor_{context, listener.protocol, listener.descriptor},
        pause_{context},
        protocol_{listener.protocol},
        preparation_{preparation} {
    wait();
  }

 private:
  void wait() {
    acceptor_.async_wait(tcp::acceptor::wait_read, [this](error_code failure) {
      if (!failure) take_in();
    });
  }

  void take_in() {
    const int descriptor = ::accept4(acceptor_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (descriptor < 0) return wait_after_failure();
    wait();  // before anything that may throw bad_alloc, so that the next client is accepted in any case
    tcp::socket socket{acceptor_.get_executor()};
    error_code failure;
    if (socket.assign(protocol_, descriptor, failure)) {
      ::close(descriptor);
      return;
    }
    clients_.remove_if([](const std::weak_ptr<Client>& client) { return client.expired(); });
    if (clients_.size() >= most_clients)
      if (const auto oldest = clients_.front().lock()) oldest->close();
    const auto client = std::make_shared<Client>(std::move(socket), preparation_);
    clients_.push_back(client);
    client->serve();
  }

  // If descriptors or memory are exhausted, the client stays pending; without a pause this would retry in a busy loop.
  void wait_after_failure() {
    if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED) return wait();
    pause_.expires_after(100ms);
    pause_.async_wait([this](error_code failure) {
      if (!failure) wait();
    });
  }

  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  tcp protocol_;
  const Preparation& preparation_;
  std::list<std::weak_ptr<Client>> clients_;  // oldest first
};

// Signals are for the main thread only.
std::thread thread_without_signals(auto work) {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    std::thread thread{std::move(work)};
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return thread;
  } catch (const std::system_error& failure) {
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    throw Error{ExitCode::bad_configuration,
                std::string{"can't answer probes: can't start a thread: "} + failure.what(),
                "check for a limit on processes, or leave out --prepare-listen"};
  }
}

}  // namespace

struct ProbeServer::Parts {
  Parts(const ListenAddress& address, const Preparation& preparation)
      : door{context, listen(address), preparation}, thread{thread_without_signals([this] { run(); })} {}

  // A lack of memory for one client must not end the run.
  void run() {
    while (!context.stopped()) {
      try {
        context.run();
      } catch (const std::exception&) {
        continue;
      }
    }
  }

  asio::io_context context{1};  // one thread
  Door door;
  std::thread thread;
};

ProbeServer::ProbeServer(const ListenAddress& address, const Preparation& preparation)
    : parts_{std::make_unique<Parts>(address, preparation)} {}

ProbeServer::~ProbeServer() {
  parts_->context.stop();
  parts_->thread.join();
}

}  // namespace slipway
