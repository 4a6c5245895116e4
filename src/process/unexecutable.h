#pragma once

#include <string>
#include <string_view>

#include "error/error.h"

// Why a command could not be executed, found out after execve(2) has failed: its errno alone sends people the wrong
// way. "No such file or directory" for a script that is there means its interpreter; in an image, most often a
// carriage return after it, or a program linked for another C library.

namespace slipway {

// Exit code 127: no folder of PATH has the name.
Error not_found_in_path(std::string_view name, std::string_view path);

// What execve's errno means for this file: 127 if it does not exist, else 126.
Error unexecutable(const std::string& file, int errno_value);

}  // namespace slipway
