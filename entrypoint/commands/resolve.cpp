#include <memory>
#include <string>

#include <CLI/App.hpp>

#include "commands/command.h"
#include "error/error.h"
#include "log/log.h"
#include "runner/bookkeeping.h"
#include "with_session.h"

namespace slipway {

Action define_resolve(CLI::App& command) {
  struct Arguments {
    std::string selector;
    bool done = false;
    bool retry = false;
  };
  auto arguments = std::make_shared<Arguments>();
  command.add_option("REVISION", arguments->selector, "Revision to resolve")->required();
  command.add_flag("--done", arguments->done, "Record it as done: you have finished it by hand");
  command.add_flag("--retry", arguments->retry, "Forget what was begun: the next run starts with its first statement");
  return [arguments](Context& context) {
    if (arguments->done == arguments->retry)
      throw Error{ExitCode::usage, arguments->done ? "give only one of --done and --retry" : "give one of --done and --retry",
                  "slipway resolve " + arguments->selector + " --done, or --retry"};
    const Settled how = arguments->done ? Settled::done : Settled::retry;
    const Graph& graph = context.graph();
    std::string id;
    with_session(context, [&](Session& session) {
      id = resolve_unfinished(session, context.ledger_for(graph), graph, arguments->selector, how).str();
    });
    log::info("revision.resolved",
              arguments->done ? id + " is recorded as done"
                              : "what was begun of " + id + " is forgotten: it runs from its first statement again",
              {{"revision", id}});
    return ExitCode::success;
  };
}

}  // namespace slipway
