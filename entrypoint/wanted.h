#pragma once

#include <string>
#include <string_view>

#include "command.h"

// What `wait` and `health` require of a database: --for connection or --for head.

namespace slipway {

enum class Wanted { connection, heads };

// The words for --for.
Choices choices_of_wanted();

// Adds --for; `value` holds the default, and must outlive the parse.
void add_wanted(CLI::App& command, std::string& value);

// Throws Error (usage) for any other word.
Wanted wanted(std::string_view value);

}  // namespace slipway
