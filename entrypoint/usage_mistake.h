#pragma once

#include <string>
#include <vector>

#include "error/error.h"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

// Errors about a command line that can't be understood. They suggest what the user may have meant, or how to write it.

namespace slipway {

// For the words that `command` can't use. There is at least one.
Error unexpected(const CLI::App& command, const std::vector<std::string>& words);

// For an error of CLI11 while it read the arguments of `command`.
Error not_understood(const CLI::App& command, const CLI::ParseError& error);

}  // namespace slipway
