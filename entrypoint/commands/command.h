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

// The commands of slipway: one file each, and one table. A command gathers its arguments, calls the library and reports
// the result. It contains no SQL and does not wait.

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
  Choices (*choices)() = nullptr;       // of its own
};

std::span<const Command> commands();

Choices choices_of_wanted();
Choices choices_of_history();
Choices choices_of_manual();
Choices choices_of_completion();

Action define_run(CLI::App& command);
Action define_wait(CLI::App& command);
Action define_health(CLI::App& command);
Action define_upgrade(CLI::App& command);
Action define_downgrade(CLI::App& command);
Action define_stamp(CLI::App& command);
Action define_check(CLI::App& command);
Action define_current(CLI::App& command);
Action define_history(CLI::App& command);
Action define_heads(CLI::App& command);
Action define_branches(CLI::App& command);
Action define_show(CLI::App& command);
Action define_create(CLI::App& command);
Action define_merge(CLI::App& command);
Action define_rebase(CLI::App& command);
Action define_edit(CLI::App& command);
Action define_ensure_version(CLI::App& command);
Action define_accept(CLI::App& command);
Action define_resolve(CLI::App& command);
Action define_config(CLI::App& command);
Action define_version(CLI::App& command);
Action define_manual(CLI::App& command);
Action define_completion(CLI::App& command);

}  // namespace slipway
