#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace slipway {

// Two lower-case digits for each byte.
std::string to_hex(std::span<const unsigned char> bytes);
std::string to_hex(unsigned char byte);

// That many digits from the kernel's random numbers (getrandom(2)). Throws std::system_error if the kernel has none.
std::string random_hex(std::size_t digits);

}  // namespace slipway
