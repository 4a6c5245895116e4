#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "context.h"
#include "error/exit_code.h"

namespace CLI {
class App;
}

// The commands of slipway: a file in commands/ and a row in SLIPWAY_COMMANDS each. A command gathers its arguments,
// calls the library and reports the result. It contains no SQL and does not wait.

namespace slipway {

// What a command does once its arguments are known.
using Action = std::function<ExitCode(Context&)>;

// The words that an option, or the argument, accepts if there are only a few. The command itself refuses any other
// word; completion offers these.
struct Choices {
  std::string_view flag;  // empty: the argument
  std::vector<std::string_view> words;
};

struct Command {
  std::string_view name;
  std::string_view summary;             // a line of `slipway --help`
  std::string_view details;             // of `slipway NAME --help`, with an example
  Action (*define)(CLI::App& command);  // adds the command's own arguments
  std::string_view alias{};             // another name for it; empty if there is none
  Choices (*choices)() = nullptr;       // of its own options or argument
};

// In the order of `slipway --help`. The row `x` is for the constant x_command, which the file commands/x.cpp defines.
// clang-format off
#define SLIPWAY_COMMANDS(row) \
  row(run) \
  row(wait) \
  row(health) \
  row(upgrade) \
  row(downgrade) \
  row(stamp) \
  row(check) \
  row(current) \
  row(history) \
  row(heads) \
  row(branches) \
  row(show) \
  row(create) \
  row(merge) \
  row(rebase) \
  row(edit) \
  row(ensure_version) \
  row(accept) \
  row(resolve) \
  row(config) \
  row(version) \
  row(manual) \
  row(completion)
// clang-format on

#define SLIPWAY_DECLARE_COMMAND(name) extern const Command name##_command;
SLIPWAY_COMMANDS(SLIPWAY_DECLARE_COMMAND)
#undef SLIPWAY_DECLARE_COMMAND

// In the order of the rows. All are initialized before main begins.
std::span<const Command* const> commands() noexcept;

}  // namespace slipway
