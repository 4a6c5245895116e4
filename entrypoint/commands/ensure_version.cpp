#include <CLI/App.hpp>

#include "command.h"
#include "log/log.h"
#include "new_file.h"
#include "runner/bookkeeping.h"
#include "with_session.h"

namespace slipway {
namespace {

Action define_ensure_version(CLI::App&) {
  return [](Context& context) {
    const Graph graph = graph_to_extend(context);  // there may be no folder yet
    with_session(context, [&](Session& session) {
      if (ensure_ledger(session, context.ledger_for(graph), graph))
        log::info("ledger.made", "created the version table and the journal");
      else
        log::info("ledger.made", "the version table and the journal exist already");
    });
    return ExitCode::success;
  };
}

}  // namespace

const Command ensure_version_command{
    .name = "ensure-version",
    .summary = "Create the version table and the journal if they are missing",
    .details =
        "Every command that writes does this by itself. Use this one to set up privileges beforehand.\n\n"
        "Example: slipway ensure-version --role migrator",
    .define = define_ensure_version,
};

}  // namespace slipway
