#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// An address to listen on, as settings write it: `:8000` for every address of the machine, `127.0.0.1:8000`,
// `[::1]:8000`. Only numeric addresses, because name resolution may not work in a container's first seconds.

namespace slipway {

struct ListenAddress {
  std::string host;  // an IPv4 or IPv6 address without brackets; empty: every address, of both kinds
  std::uint16_t port = 0;

  friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

// For the hint of an error.
constexpr std::string_view listen_address_form =
    "write :8000 for every address, 127.0.0.1:8000 or [::1]:8000; the port is 1 to 65535";

// Absent if `text` is not an address.
std::optional<ListenAddress> parse_listen_address(std::string_view text);

// The text that parse_listen_address() accepts.
std::string to_string(const ListenAddress& address);

}  // namespace slipway
