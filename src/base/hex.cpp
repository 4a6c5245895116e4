#include "base/hex.h"

#include <cerrno>
#include <string_view>
#include <system_error>
#include <vector>

#include <sys/random.h>

namespace slipway {

std::string to_hex(std::span<const unsigned char> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const unsigned char byte : bytes) {
    text += digits[byte >> 4U];
    text += digits[byte & 0xFU];
  }
  return text;
}

std::string to_hex(unsigned char byte) {
  return to_hex(std::span{&byte, 1});
}

std::string random_hex(std::size_t digits) {
  std::vector<unsigned char> bytes((digits + 1) / 2);
  if (::getentropy(bytes.data(), bytes.size()) != 0)
    throw std::system_error{errno, std::generic_category(), "no random numbers are available"};
  std::string text = to_hex(bytes);
  text.resize(digits);
  return text;
}

}  // namespace slipway
