#include <memory>
#include <string>

#include <CLI/App.hpp>

#include "commands/command.h"
#include "commands/migrate.h"
#include "report/live_line.h"

namespace slipway {

Action define_downgrade(CLI::App& command) {
  struct Arguments {
    std::string target = "-1";
    bool dry_run = false;
  };
  auto arguments = std::make_shared<Arguments>();
  command.add_option("TARGET", arguments->target, "Where to [-1]");
  command.add_flag("--dry-run", arguments->dry_run, "Print the plan and change nothing");
  return [arguments](Context& context) {
    const ResultFormat format = context.settings().format;
    const Ledger ledger = context.ledger();
    LiveLine line{live_line_place(context.settings())};
    Runner runner = make_runner(context, ledger, line, {});
    if (arguments->dry_run) {
      print(runner.plan_downgrade(arguments->target), format);
      return ExitCode::success;
    }
    const RunResult result = runner.downgrade(arguments->target);
    log_end(result);
    print(result, format);
    return ExitCode::success;
  };
}

}  // namespace slipway
