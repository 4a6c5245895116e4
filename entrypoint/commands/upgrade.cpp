#include <memory>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "command.h"
#include "migrate.h"
#include "offline.h"
#include "status/live_line.h"

namespace slipway {
namespace {

void print_offline_upgrade(Context& context, std::vector<std::string> targets) {
  const Graph& graph = context.graph();
  const OfflineRange first = offline_range(graph, targets.front());
  targets.front() = first.to.empty() ? "heads" : first.to;
  print_script(context, plan(graph, first.from, resolve_upgrade(graph, first.from, targets)));
}

Action define_upgrade(CLI::App& command) {
  struct Arguments {
    std::vector<std::string> targets;
    bool dry_run = false;
    bool sql = false;
  };
  auto arguments = std::make_shared<Arguments>();
  command.add_option("TARGET", arguments->targets, "The targets of the upgrade [heads]");
  CLI::Option* dry_run = command.add_flag("--dry-run", arguments->dry_run, "Print the plan and change nothing");
  command
      .add_flag("--sql", arguments->sql,
                "Print a script for psql instead; it starts at base, or at FROM in FROM:TARGET")
      ->excludes(dry_run);
  return [arguments](Context& context) {
    if (arguments->targets.empty()) arguments->targets.emplace_back("heads");
    context.require_migrations();
    if (arguments->sql) {
      print_offline_upgrade(context, arguments->targets);
      return ExitCode::success;
    }
    const ResultFormat format = context.settings().output.format;
    LiveLine line{live_line_place(context.settings())};
    if (arguments->dry_run) {
      const Ledger ledger = context.ledger_for(context.graph());
      print(make_runner(context, ledger, line, WaitsByDefault::without_terminal).plan_upgrade(arguments->targets),
            format);
      return ExitCode::success;
    }
    const RunResult result = migrate(context, line, WaitsByDefault::without_terminal,
                                     [&](Runner& runner) { return runner.upgrade(arguments->targets); });
    log_end(result);
    print(result, format);
    return ExitCode::success;
  };
}

}  // namespace

const Command upgrade_command{
    .name = "upgrade",
    .summary = "Apply pending revisions",
    .details =
        "TARGET is heads (the default), head, a revision or the beginning of its id, +N, or BRANCH@head.\n\n"
        "Example: slipway upgrade\n"
        "         slipway upgrade +1 --dry-run\n"
        "         slipway upgrade 001:head --sql > upgrade.sql",
    .define = define_upgrade,
};

}  // namespace slipway
