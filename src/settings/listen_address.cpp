#include "settings/listen_address.h"

#include <charconv>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace slipway {
namespace {

bool is_address(int family, const std::string& text) {
  in6_addr address{};  // the larger of the two
  return ::inet_pton(family, text.c_str(), &address) == 1;
}

}  // namespace

std::optional<ListenAddress> parse_listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view digits = text.substr(colon + 1);
  ListenAddress address;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
  if (failure != std::errc{} || end != digits.data() + digits.size() || address.port == 0) return std::nullopt;

  std::string_view host = text.substr(0, colon);
  const bool in_brackets = host.size() >= 2 && host.starts_with('[') && host.ends_with(']');
  if (in_brackets) host = host.substr(1, host.size() - 2);
  address.host = host;
  if (in_brackets ? is_address(AF_INET6, address.host) : host.empty() || is_address(AF_INET, address.host))
    return address;
  return std::nullopt;
}

std::string to_string(const ListenAddress& address) {
  const bool is_ipv6 = address.host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

}  // namespace slipway
