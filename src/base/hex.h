#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace slipway {

// Two lower-case digits for each byte.
std::string to_hex(std::span<const unsigned char> bytes);
std::string to_hex(unsigned char byte);

// Returns that many digits from the kernel's random number generator (getentropy(3)). Throws std::system_error if it
// fails.
std::string random_hex(std::size_t digits);

}  // namespace slipway
