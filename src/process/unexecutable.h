#pragma once

#include <string>
#include <string_view>

#include "error/error.h"

// Explains why a command could not be executed after execve(2) has failed. The errno alone is misleading. "No such file
// or directory" for a script that exists means its interpreter. In an image, the usual cause is a carriage return after
// the interpreter, or a program linked for another C library.

namespace slipway {

// The error for a name that is in no folder of PATH, with exit code 127.
Error not_found_in_path(std::string_view name, std::string_view path);

// The error that explains execve's errno for this file, with exit code 127 if the file does not exist, else 126.
Error unexecutable(const std::string& file, int errno_value);

}  // namespace slipway
