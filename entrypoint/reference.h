#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

// What `slipway --help` shows, gathered once from the same tables for its other forms: man pages and completion
// scripts.

namespace slipway {

struct ReferenceOption {
  std::vector<std::string> flags;  // "-v", "--verbose"
  std::string value;               // the name of its value; empty if it takes none
  bool value_is_optional = false;  // only as --flag=VALUE
  std::string description;
  std::vector<std::string> choices{};  // if the value is one of these
  std::vector<std::string> variables{};
  std::string default_text{};
  std::string group{};
  enum class Files { none, files, folders } files = Files::none;
};

struct ReferenceCommand {
  std::string name;
  std::string alias;  // empty if there is none
  std::string summary;
  std::string details;
  std::vector<std::string> arguments;  // as in a usage line: "[TARGET]"
  std::vector<std::string> choices;    // if the argument is one of these
  std::vector<ReferenceOption> options;
};

struct Reference {
  std::vector<ReferenceCommand> commands;
  std::vector<ReferenceOption> settings;  // options of every command
};

// The whole command line.
Reference reference();

// The options of slipway-init.
std::vector<ReferenceOption> init_reference();

// slipway(1) and slipway-init(8), in the macros of man(7).
std::string slipway_page(const Reference& reference);
std::string init_page();

struct Shell {
  std::string_view name;
  std::string (*completion)(const Reference& reference);  // a script
};

// The shells that completion is available for.
std::span<const Shell> shells();

}  // namespace slipway
