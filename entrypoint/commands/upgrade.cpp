#include <memory>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "commands/command.h"
#include "commands/migrate.h"
#include "report/live_line.h"

namespace slipway {

Action define_upgrade(CLI::App& command) {
  struct Arguments {
    std::vector<std::string> targets;
    bool dry_run = false;
  };
  auto arguments = std::make_shared<Arguments>();
  command.add_option("TARGET", arguments->targets, "Where to [heads]");
  command.add_flag("--dry-run", arguments->dry_run, "Print the plan and change nothing");
  return [arguments](Context& context) {
    if (arguments->targets.empty()) arguments->targets.emplace_back("heads");
    const ResultFormat format = context.settings().format;
    const Ledger ledger = context.ledger();
    LiveLine line{live_line_place(context.settings())};
    Runner runner = make_runner(context, ledger, line, {});
    if (arguments->dry_run) {
      print(runner.plan_upgrade(arguments->targets), format);
      return ExitCode::success;
    }
    const RunResult result = runner.upgrade(arguments->targets);
    log_end(result);
    print(result, format);
    return ExitCode::success;
  };
}

}  // namespace slipway
