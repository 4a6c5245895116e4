#pragma once

#include <span>
#include <string>

#include "commands/command.h"

// From argv to a command: its action, the settings given as flags, and the application's own command line.

namespace slipway {

struct CommandLine {
  Action action;
  Flags flags;
  std::vector<std::string> application;
};

// Prints help to stdout where it is asked for; the action then does nothing.
// Throws Error (usage) that names what was perhaps meant.
CommandLine parse_command_line(std::span<char* const> arguments);

}  // namespace slipway
