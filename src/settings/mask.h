#pragma once

#include <string>
#include <string_view>

// For text that should hold no secret but may: a command line, a value that stands in the wrong place.

namespace slipway {

// `text` with `***` for what follows `password=` or `pwd=` (in any case), and for the password of each
// `scheme://user:password@`.
std::string mask_passwords(std::string_view text);

}  // namespace slipway
