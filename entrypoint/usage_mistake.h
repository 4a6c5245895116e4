#pragma once

#include <string>
#include <vector>

#include "error/error.h"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

// Errors about a command line that can't be parsed. They suggest what the user may have meant, or how to write it.

namespace slipway {

// The error for words that `command` does not accept; `words` is not empty.
Error unexpected(const CLI::App& command, const std::vector<std::string>& words);

// The error for a CLI11 error in the arguments of `command`.
Error not_understood(const CLI::App& command, const CLI::ParseError& error);

}  // namespace slipway
