#pragma once

#include <string>
#include <string_view>

// Masks secrets in text that should contain none but may, such as a command line or a misplaced value.

namespace slipway {

// `text` with `***` in place of each value after `password=` or `pwd=` (ignoring case), and of the password in each
// `scheme://user:password@`.
std::string mask_passwords(std::string_view text);

}  // namespace slipway
