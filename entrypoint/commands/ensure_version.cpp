#include <CLI/App.hpp>

#include "commands/command.h"
#include "log/log.h"
#include "new_file.h"
#include "runner/bookkeeping.h"
#include "with_session.h"

namespace slipway {

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

}  // namespace slipway
