#include "database/host_addresses.h"

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/wait.h"
#include "database/connect_failure.h"
#include "database/connection.h"

namespace slipway {
namespace {

bool is_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> binary{};
  // libpq resolves an address with a zone ("fe80::1%eth0") itself, without a name server.
  return ::inet_pton(AF_INET, host.c_str(), binary.data()) == 1 || host.find(':') != std::string::npos;
}

std::string numeric(const addrinfo& address) {
  std::array<char, NI_MAXHOST> text{};
  if (::getnameinfo(address.ai_addr, address.ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0)
    return {};
  return text.data();
}

// A lookup that runs in a separate thread. The thread may outlive the caller, so both own it.
class Lookup {
 public:
  Lookup() : done_{::eventfd(0, EFD_CLOEXEC)} {
    if (done_ < 0) throw std::system_error{errno, std::generic_category(), "eventfd"};
  }
  ~Lookup() { ::close(done_); }
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;

  void run(const std::string& host) {
    // The same hints as libpq's (PostgreSQL: fe-connect.c, PQconnectPoll).
    const addrinfo hints{.ai_flags = 0,
                         .ai_family = AF_UNSPEC,
                         .ai_socktype = SOCK_STREAM,
                         .ai_protocol = 0,
                         .ai_addrlen = 0,
                         .ai_addr = nullptr,
                         .ai_canonname = nullptr,
                         .ai_next = nullptr};
    addrinfo* found = nullptr;
    const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned{error == 0 ? found : nullptr, &::freeaddrinfo};
    {
      const std::scoped_lock lock{mutex_};
      error_ = error;
      for (const addrinfo* address = owned.get(); address != nullptr; address = address->ai_next) {
        std::string text = numeric(*address);
        if (!text.empty() && std::ranges::find(addresses_, text) == addresses_.end())
          addresses_.push_back(std::move(text));
      }
    }
    ::eventfd_write(done_, 1);
  }

  int done() const noexcept { return done_; }

  std::vector<std::string> addresses(const std::string& host) {
    const std::scoped_lock lock{mutex_};
    if (error_ == 0 && !addresses_.empty()) return addresses_;
    const char* const why = error_ == 0 ? "it has no address" : ::gai_strerror(error_);
    throw ConnectRefused{{.reason = "can't resolve the host name " + host + ": " + why,
                          .hint = "check the host in the database URL, and that a name server answers"}};
  }

 private:
  const int done_;
  std::mutex mutex_;
  int error_ = 0;
  std::vector<std::string> addresses_;
};

}  // namespace

std::vector<std::string> host_addresses(const std::string& host, std::chrono::milliseconds patience,
                                        StopSignals& signals) {
  if (is_address(host)) return {host};
  const auto lookup = std::make_shared<Lookup>();
  std::thread{[lookup, host] { lookup->run(host); }}.detach();
  const Deadline deadline = Deadline::after(patience);
  for (;;) {
    const auto ready = wait({readable(lookup->done()), readable(signals.descriptor())}, deadline);
    signals.check();
    if (ready[0]) return lookup->addresses(host);
    if (deadline.has_passed())
      throw ConnectRefused{{.reason = "no name server answered for the host name " + host + " within " +
                                      std::to_string(patience.count()) + " ms",
                            .hint = "check the host in the database URL, and that a name server answers"}};
  }
}

}  // namespace slipway
