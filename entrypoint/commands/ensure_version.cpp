#include <CLI/App.hpp>

#include "commands/command.h"
#include "log/log.h"
#include "runner/bookkeeping.h"
#include "with_session.h"

namespace slipway {

Action define_ensure_version(CLI::App&) {
  return [](Context& context) {
    with_session(context, [&](Session& session) {
      if (ensure_ledger(session, context.ledger(), [&]() -> const Graph& { return context.graph(); }))
        log::info("ledger.made", "created the version table and the journal");
      else
        log::info("ledger.made", "the version table and the journal exist already");
    });
    return ExitCode::success;
  };
}

}  // namespace slipway
