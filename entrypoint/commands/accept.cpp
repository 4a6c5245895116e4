#include <memory>
#include <string>

#include <CLI/App.hpp>

#include "commands/command.h"
#include "log/log.h"
#include "runner/bookkeeping.h"
#include "with_session.h"

namespace slipway {

Action define_accept(CLI::App& command) {
  auto selector = std::make_shared<std::string>();
  command.add_option("REVISION", *selector, "The revision to accept")->required();
  return [selector](Context& context) {
    const RevisionId id = one_revision(context.graph(), *selector);
    with_session(context,
                 [&](Session& session) { accept(session, context.ledger_for(context.graph()), context.graph(), id); });
    log::info("revision.accepted", "accepted " + id.str() + " as it stands", {{"revision", id.str()}});
    return ExitCode::success;
  };
}

}  // namespace slipway
