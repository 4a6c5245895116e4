#include <memory>
#include <string>

#include <CLI/App.hpp>

#include "command.h"
#include "log/log.h"
#include "runner/bookkeeping.h"
#include "with_session.h"

namespace slipway {
namespace {

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

}  // namespace

const Command accept_command{
    .name = "accept",
    .summary = "Record an edited or inserted script as it is now",
    .details =
        "If the script of a revision was edited after it ran, records the present script as the one that ran.\n"
        "If a revision behind the head never ran, records it as applied. Runs no script.\n\n"
        "Example: slipway accept 003",
    .define = define_accept,
};

}  // namespace slipway
