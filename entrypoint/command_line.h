#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "command.h"

// Parses argv into a command: its action, the settings given as flags, and the application's command line.

namespace slipway {

struct CommandLine {
  Action action;
  Flags flags;
  std::vector<std::string> application;
  std::shared_ptr<const void> definition;  // of all commands; the action may refer to it
};

// Prints help to stdout if the user asks for it; the action then does nothing. Throws Error (usage) with a hint that
// suggests what the user may have meant.
CommandLine parse_command_line(std::span<char* const> arguments);

}  // namespace slipway
