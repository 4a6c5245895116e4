#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "commands/command.h"

// From argv to a command: its action, the settings given as flags, and the application's own command line.

namespace slipway {

struct CommandLine {
  Action action;
  Flags flags;
  std::vector<std::string> application;
  std::shared_ptr<const void> definition;  // of all commands; an action may refer to it
};

// Prints help to stdout where it is asked for; the action then does nothing.
// Throws Error (usage) that names what was perhaps meant.
CommandLine parse_command_line(std::span<char* const> arguments);

}  // namespace slipway
