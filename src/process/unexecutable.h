#pragma once

#include <string>
#include <string_view>

#include "error/error.h"

// Finds out why a command could not be executed after execve(2) has failed, because its errno alone is misleading. "No
// such file or directory" for an existing script is about its interpreter. In an image the cause is usually a carriage
// return in the #! line, or a program for another C library.

namespace slipway {

// Exit code 127: no folder of PATH has the name.
Error not_found_in_path(std::string_view name, std::string_view path);

// What execve's errno means for this file: 127 if it does not exist, else 126.
Error unexecutable(const std::string& file, int errno_value);

}  // namespace slipway
