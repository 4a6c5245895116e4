#include <memory>
#include <string>

#include <CLI/App.hpp>

#include "command.h"
#include "error/error.h"
#include "migrate.h"
#include "offline.h"
#include "status/live_line.h"

namespace slipway {
namespace {

void print_offline_downgrade(Context& context, const std::string& target) {
  const Graph& graph = context.graph();
  const OfflineRange range = offline_range(graph, target);
  if (range.from.empty() || range.to.empty())
    throw Error{ExitCode::usage, "'" + target + "' is not of the form FROM:TARGET; --sql does not query the database",
                "for example: slipway downgrade head:base --sql"};
  print_script(context, plan(graph, range.from, resolve_downgrade(graph, range.from, range.to)));
}

Action define_downgrade(CLI::App& command) {
  struct Arguments {
    std::string target = "-1";
    bool dry_run = false;
    bool sql = false;
  };
  auto arguments = std::make_shared<Arguments>();
  command.add_option("TARGET", arguments->target, "The target of the downgrade [-1]");
  CLI::Option* dry_run = command.add_flag("--dry-run", arguments->dry_run, "Print the plan and change nothing");
  command.add_flag("--sql", arguments->sql, "Print a script for psql instead; TARGET is then FROM:TARGET")
      ->excludes(dry_run);
  return [arguments](Context& context) {
    context.require_migrations();
    if (arguments->sql) {
      print_offline_downgrade(context, arguments->target);
      return ExitCode::success;
    }
    const ResultFormat format = context.settings().output.format;
    LiveLine line{live_line_place(context.settings())};
    if (arguments->dry_run) {
      const Ledger ledger = context.ledger_for(context.graph());
      print(make_runner(context, ledger, line, WaitsByDefault::without_terminal).plan_downgrade(arguments->target),
            format);
      return ExitCode::success;
    }
    const RunResult result = migrate(context, line, WaitsByDefault::without_terminal,
                                     [&](Runner& runner) { return runner.downgrade(arguments->target); });
    log_end(result);
    print(result, format);
    return ExitCode::success;
  };
}

}  // namespace

const Command downgrade_command{
    .name = "downgrade",
    .summary = "Undo applied revisions",
    .details =
        "TARGET is -1 (the default), -N, base, or the revision to go back to.\n\n"
        "Example: slipway downgrade\n"
        "         slipway downgrade 003\n"
        "         slipway downgrade head:003 --sql > downgrade.sql",
    .define = define_downgrade,
};

}  // namespace slipway
