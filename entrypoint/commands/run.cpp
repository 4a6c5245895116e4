#include <chrono>
#include <memory>
#include <string>

#include <CLI/App.hpp>

#include "commands/application_environment.h"
#include "commands/command.h"
#include "commands/init_flags.h"
#include "commands/migrate.h"
#include "error/error.h"
#include "log/log.h"
#include "process/launch.h"
#include "report/live_line.h"
#include "runner/external_migrator.h"

namespace slipway {
namespace {

constexpr std::chrono::seconds wait_timeout{60};

// What is to happen between the wait and the launch.
void migrate(Context& context) {
  const Ledger ledger = context.ledger();
  LiveLine line{live_line_place(context.settings())};
  if (!context.settings().migrate_with) {
    const std::vector<std::string> heads{"heads"};
    log_end(make_runner(context, ledger, line, wait_timeout).upgrade(heads));
    return;
  }
  Session session =
      wait_until_ready(context.connection(Access::read_write), context.wait_policy(wait_timeout), context.signals());
  try {
    run_external_migrator(
        session, {.command = *context.settings().migrate_with, .environment = migrator_environment(context)},
        {.ledger = ledger, .lock_wait = context.settings().lock_wait, .signals = context.signals(), .progress = line});
  } catch (const ConnectionLost& lost) {
    throw Error{ExitCode::unavailable, "the connection was lost: " + lost.reason, "try again"};
  }
}

}  // namespace

Action define_run(CLI::App& command) {
  struct Arguments {
    bool exec = false;
    bool no_migrate = false;
    InitFlags init;
  };
  auto arguments = std::make_shared<Arguments>();
  command.add_flag("--exec", arguments->exec, "Become the application itself, without slipway-init in between");
  command.add_flag("--no-migrate", arguments->no_migrate, "Wait for the database, and migrate nothing");
  arguments->init.add_to(command);
  return [arguments](Context& context) -> ExitCode {
    if (context.application().empty())
      throw Error{ExitCode::usage, "run what?", "for example: slipway run -- uvicorn app.main:app"};
    context.settings();
    const std::vector<std::string> init_options = arguments->init.given(context.environment());
    if (arguments->exec && !init_options.empty())
      throw Error{ExitCode::usage, "--exec leaves no slipway-init for " + init_options.front(),
                  "leave out --exec, or slipway-init's options"};
    // From here to the launch, a signal is an answer to whatever is waited for.
    StopSignals& signals = context.signals();
    if (arguments->no_migrate)
      wait_until_ready(context.connection(Access::read_write), context.wait_policy(wait_timeout), signals);
    else
      migrate(context);
    signals.check();
    log::info("launch", "launching " + context.application().front());
    launch({.command = context.application(),
            .environment = application_environment(context).strings(),
            .supervisor = arguments->exec ? Launch::Supervisor::none : Launch::Supervisor::init,
            .init_options = init_options,
            .mask = signals.inherited_mask()});
  };
}

}  // namespace slipway
