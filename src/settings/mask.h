#pragma once

#include <string>
#include <string_view>

// For text that should not contain a secret but may: a command line, or a value in the wrong place.

namespace slipway {

// `text` with `***` in place of each value after `password=` or `pwd=` (ignoring case), and of the password in each
// `scheme://user:password@`.
std::string mask_passwords(std::string_view text);

}  // namespace slipway
