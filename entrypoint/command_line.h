#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "command.h"

// From argv to a command: its action, the settings given as flags, and the application's own command line.

namespace slipway {

struct CommandLine {
  Action action;
  Flags flags;
  std::vector<std::string> application;
  std::shared_ptr<const void> definition;  // of all commands; an action may refer to it
};

// Prints help to stdout if it is asked for; the action then does nothing.
// Throws Error (usage), whose hint suggests what the user may have meant.
CommandLine parse_command_line(std::span<char* const> arguments);

}  // namespace slipway
