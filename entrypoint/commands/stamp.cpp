#include "graph/stamp.h"

#include <memory>
#include <string>
#include <vector>

#include <CLI/App.hpp>
#include <nlohmann/json.hpp>

#include "command.h"
#include "error/error.h"
#include "log/log.h"
#include "offline.h"
#include "print_result.h"
#include "report/words.h"
#include "runner/bookkeeping.h"
#include "with_session.h"

namespace slipway {
namespace {

struct StampArguments {
  std::vector<std::string> targets;
  bool purge = false;
  bool sql = false;
};

void print_offline_stamp(Context& context, std::vector<std::string> targets) {
  const OfflineRange first = offline_range(context.graph(), targets.front());
  targets.front() = first.to;
  print_script(context, plan_stamp(context.graph(), first.from, targets));
}

void stamp_database(Context& context, const StampArguments& arguments) {
  StampResult result;
  with_session(context, [&](Session& session) {
    result = stamp(session, context.ledger_for(context.graph()), context.graph(), arguments.targets,
                   arguments.purge ? Purge::yes : Purge::no);
  });
  const std::string after = result.after.str();
  log::info("schema.stamped",
            "database '" + result.database + "' " +
                (result.before == result.after
                     ? "is at " + after + " already"
                     : "went from " + result.before.str() + " to " + after + " without running anything"),
            {{"current", after}});
  print_result(
      context, [] { return ""; },
      [&] {
        return nlohmann::ordered_json{
            {"database", result.database}, {"before", ids(result.before)}, {"after", ids(result.after)}};
      });
}

Action define_stamp(CLI::App& command) {
  auto arguments = std::make_shared<StampArguments>();
  command.add_option("TARGET", arguments->targets, "The revisions to record, or base")->required();
  CLI::Option* purge =
      command.add_flag("--purge", arguments->purge, "Empty the version table first, whatever it contains");
  command
      .add_flag("--sql", arguments->sql,
                "Print a script for psql instead; it starts at base, or at FROM in FROM:TARGET")
      ->excludes(purge);
  return [arguments](Context& context) {
    context.require_migrations();
    if (arguments->sql)
      print_offline_stamp(context, arguments->targets);
    else
      stamp_database(context, *arguments);
    return ExitCode::success;
  };
}

}  // namespace

const Command stamp_command{
    .name = "stamp",
    .summary = "Record a revision without running it",
    .details =
        "Replaces the rows on the branch of the revision with the revision; base empties the version table.\n"
        "The journal records that it was a stamp. Use it if the database got its schema in another way.\n\n"
        "Example: slipway stamp head\n"
        "         slipway stamp --purge core@head billing@head",
    .define = define_stamp,
};

}  // namespace slipway
