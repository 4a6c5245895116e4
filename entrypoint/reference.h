#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

// What `slipway --help` shows, gathered from the same tables once, for those who write it down in another form: man
// pages and the completions of shells.

namespace slipway {

struct ReferenceOption {
  std::vector<std::string> flags;  // "-v", "--verbose"
  std::string value;               // what to call its value; empty: it takes none
  bool value_is_optional = false;  // only as --flag=VALUE
  std::string description;
  std::vector<std::string> choices{};  // where the value is one of these
  std::vector<std::string> variables{};
  std::string default_text{};
  std::string group{};
  enum class Files { none, files, folders } files = Files::none;
};

struct ReferenceCommand {
  std::string name;
  std::string alias;  // empty: none
  std::string summary;
  std::string details;
  std::vector<std::string> arguments;  // as a usage line has them: "[TARGET]"
  std::vector<std::string> choices;    // where the argument is one of these
  std::vector<ReferenceOption> options;
};

struct Reference {
  std::vector<ReferenceCommand> commands;
  std::vector<ReferenceOption> settings;  // options of every command
};

// Of the whole command line.
Reference reference();

// The options of slipway-init.
std::vector<ReferenceOption> init_reference();

// slipway(1) and slipway-init(8), as man(7) has it.
std::string slipway_page(const Reference& reference);
std::string init_page();

struct Shell {
  std::string_view name;
  std::string (*completion)(const Reference& reference);  // a script
};

// Those that commands can be completed in.
std::span<const Shell> shells();

}  // namespace slipway
