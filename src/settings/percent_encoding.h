#pragma once

#include <optional>
#include <string>
#include <string_view>

// Percent-encoding of URIs (RFC 3986, 2.1).

namespace slipway {

// Absent if a % is not followed by two hexadecimal digits, or stands for the character 0, which libpq does not accept.
std::optional<std::string> percent_decode(std::string_view text);

// Encodes every character as %XX except RFC 3986's unreserved ones and those in `as_they_are`.
std::string percent_encode(std::string_view text, std::string_view as_they_are = {});

}  // namespace slipway
