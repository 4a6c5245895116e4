#include <memory>
#include <string>

#include <CLI/App.hpp>

#include "command.h"
#include "error/error.h"
#include "log/log.h"
#include "runner/bookkeeping.h"
#include "with_session.h"

namespace slipway {
namespace {

Action define_resolve(CLI::App& command) {
  struct Arguments {
    std::string selector;
    bool done = false;
    bool retry = false;
  };
  auto arguments = std::make_shared<Arguments>();
  command.add_option("REVISION", arguments->selector, "The revision to settle")->required();
  command.add_flag("--done", arguments->done, "Record the script as done, because you have finished it yourself");
  command.add_flag("--retry", arguments->retry, "Let the next run start again at its first statement");
  return [arguments](Context& context) {
    if (arguments->done == arguments->retry)
      throw Error{ExitCode::usage,
                  arguments->done ? "--done and --retry exclude each other" : "neither --done nor --retry was given",
                  "choose one: slipway resolve " + arguments->selector + " --done, or --retry"};
    const Resolution how = arguments->done ? Resolution::done : Resolution::retry;
    const Graph& graph = context.graph();
    std::string id;
    with_session(context, [&](Session& session) {
      id = resolve_unfinished(session, context.ledger_for(graph), graph, arguments->selector, how).str();
    });
    log::info("revision.resolved",
              arguments->done ? id + " is recorded as done"
                              : "the progress of " + id + " is discarded; it starts again at its first statement",
              {{"revision", id}});
    return ExitCode::success;
  };
}

}  // namespace

const Command resolve_command{
    .name = "resolve",
    .summary = "Settle a script without a transaction that failed or was cut off",
    .details =
        "A script with transaction:false runs statement by statement. If it failed or was cut off, and slipway\n"
        "can't tell how to continue it, slipway stops. Look at the database, then choose --done or --retry. The\n"
        "migrations folder need not have the revision any more.\n\n"
        "Example: slipway resolve 004 --retry",
    .define = define_resolve,
};

}  // namespace slipway
