#pragma once

#include <string>
#include <vector>

#include "error/error.h"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

// What to say about a command line that can't be understood: what was perhaps meant, or how it is written.

namespace slipway {

// About the words that `command` has no use for; there is one at least.
Error unexpected(const CLI::App& command, const std::vector<std::string>& words);

// About what CLI11 found while it read the arguments of `command`.
Error not_understood(const CLI::App& command, const CLI::ParseError& error);

}  // namespace slipway
