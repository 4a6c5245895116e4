#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <signal.h>

#include "init/diagnostics.h"
#include "process/signals.h"

// The options of slipway-init. One table defines them; the command line, the environment, --help, the page in docs/ and
// `slipway run` use it.

namespace slipway {

struct InitOptions {
  bool group = false;                        // signals go to the application's process group
  bool session = false;                      // the application leads a session; signals go to its group
  std::map<int, int> rewrites;               // received signal -> forwarded one, 0 for none
  int stop_signal = SIGTERM;                 // what SIGTERM becomes
  std::chrono::milliseconds stop_timeout{};  // 0: none
  std::chrono::milliseconds linger{1000};    // 0: none
  bool subreaper = false;
  std::optional<int> parent_death_signal;
  std::map<int, int> exit_codes;  // the application's -> ours
  bool warn_on_reap = false;
  std::optional<std::string> user;
  bool no_new_privileges = false;
  std::optional<std::filesystem::path> working_directory;
  std::optional<SignalSet> signal_mask;  // for the application; absent: the one slipway-init was started with
  int verbosity = 0;

  enum class Action { supervise, print_help, print_version };
  Action action = Action::supervise;

  std::vector<const char*> command;  // empty only if there is something to print
};

struct InitOption {
  enum class Kind {
    flag,   // in the environment: 1, true, yes, on, or 0, false, no, off
    count,  // a flag that counts; in the environment: a number
    value,
    list,   // a value that may be given several times; in the environment: with commas
    action  // not in the environment
  };
  Kind kind;
  char letter;                   // '\0': none
  std::string_view name;         // without dashes
  std::string_view environment;  // empty: none
  std::string_view value;        // what to call the value in a help text
  std::string_view description;
  void (*apply)(InitOptions&, std::string_view value);  // throws Error (usage)
};

// In the order of a help text.
std::span<const InitOption> init_option_table();

// Reads the environment ("NAME=VALUE"), then the arguments (without the program's own name), which win. Options end at
// "--" or at the first argument that is none. Throws Error (usage) with the option's or variable's name.
// The command's strings stay the caller's.
InitOptions parse_init_options(std::span<const char* const> arguments, std::span<const char* const> environment);

std::string init_help();

}  // namespace slipway
