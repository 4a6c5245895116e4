#include "settings/percent_encoding.h"

#include <array>
#include <charconv>

namespace slipway {
namespace {

constexpr std::string_view unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

}  // namespace

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const std::string_view digits = text.substr(i + 1, 2);
    unsigned int code = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (digits.size() != 2 || problem != std::errc{} || end != digits.data() + 2 || code == 0) return std::nullopt;
    decoded += static_cast<char>(code);
    i += 2;
  }
  return decoded;
}

std::string percent_encode(std::string_view text, std::string_view as_they_are) {
  constexpr std::array hexadecimal{'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};
  std::string encoded;
  encoded.reserve(text.size());
  for (const char character : text) {
    if (unreserved.find(character) != std::string_view::npos || as_they_are.find(character) != std::string_view::npos) {
      encoded += character;
      continue;
    }
    const auto code = static_cast<unsigned char>(character);
    encoded += '%';
    encoded += hexadecimal.at(code >> 4U);
    encoded += hexadecimal.at(code & 0xFU);
  }
  return encoded;
}

}  // namespace slipway
