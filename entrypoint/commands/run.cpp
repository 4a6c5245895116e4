#include <memory>
#include <optional>
#include <string>

#include <CLI/App.hpp>

#include "application_environment.h"
#include "command.h"
#include "error/error.h"
#include "init_flags.h"
#include "log/log.h"
#include "migrate.h"
#include "process/launch.h"
#include "runner/external_migrator.h"
#include "status/live_line.h"
#include "status/preparation.h"
#include "status/probe_server.h"

namespace slipway {
namespace {

Session wait(Context& context) {
  SessionOptions connection = context.connection(Access::read_write);
  connection.requires_answer = true;
  return wait_until_ready(connection, context.wait_policy(WaitsByDefault::always), context.signals());
}

void migrate_with(Context& context, const std::string& command, Progress& progress) {
  const Ledger ledger = context.ledger();
  Session session = wait(context);
  try {
    run_external_migrator(session, {.command = command, .environment = migrator_environment(context)},
                          {.ledger = ledger,
                           .lock_wait = context.settings().run.lock_wait,
                           .signals = context.signals(),
                           .progress = progress});
  } catch (const ConnectionLost& lost) {
    throw Error{ExitCode::unavailable, "the connection was lost: " + lost.reason, "try again"};
  }
}

// The work between the wait and the launch.
void migrate(Context& context, Progress& progress) {
  if (const auto& command = context.settings().migrate_with)
    return measure(context, [&] { migrate_with(context, *command, progress); });
  const std::vector<std::string> heads{"heads"};
  log_end(migrate(context, progress, WaitsByDefault::always, [&](Runner& runner) { return runner.upgrade(heads); }));
}

// If the user wants it, probes are answered until this returns.
void prepare(Context& context, bool migrates) {
  LiveLine line{live_line_place(context.settings())};
  Preparation preparation;
  PreparationProgress progress{preparation, line};
  std::optional<ProbeServer> probes;
  if (const auto& address = context.settings().orchestrator.prepare_listen) {
    probes.emplace(*address, preparation);
    log::info("probes.answered", "answering probes at " + to_string(*address) + " until the launch");
  }
  if (migrates)
    migrate(context, progress);
  else
    wait(context);
}

Action define_run(CLI::App& command) {
  struct Arguments {
    bool exec = false;
    bool no_migrate = false;
    InitFlags init;
  };
  auto arguments = std::make_shared<Arguments>();
  command.add_flag("--exec", arguments->exec, "Execute the application directly, without slipway-init");
  command.add_flag("--no-migrate", arguments->no_migrate, "Only wait for the database; do not migrate");
  arguments->init.add_to(command);
  return [arguments](Context& context) -> ExitCode {
    if (context.application().empty())
      throw Error{ExitCode::usage, "no application command was given",
                  "for example: slipway run -- uvicorn app.main:app"};
    // From here to the launch, a signal ends every wait, and no signal is lost.
    StopSignals& signals = context.signals();
    context.settings();
    Launch what{.command = context.application(),
                .environment = context.environment().strings(),
                .supervisor = arguments->exec ? Launch::Supervisor::none : Launch::Supervisor::init,
                .init_options = arguments->init.given(context.environment()),
                .mask = signals.inherited_mask()};
    if (arguments->exec)
      if (const std::string given = arguments->init.first_given(context.environment()); !given.empty())
        throw Error{ExitCode::usage,
                    "--exec can't be combined with " + given + ", because slipway-init does not run then",
                    "leave out one of them"};
    // A misspelt command must not cost a migration.
    check_launch(what, arguments->init.place(context.environment()));
    prepare(context, !arguments->no_migrate);
    signals.check();
    log::info("launch", "launching " + context.application().front());
    what.environment = application_environment(context).strings();
    launch(what);
  };
}

}  // namespace

const Command run_command{
    .name = "run",
    .summary = "Wait for the database, migrate it, then start the application",
    .details =
        "Waits for PostgreSQL, applies the pending revisions, and becomes the application's init process. If a\n"
        "step before the launch fails, the application is not started.\n\n"
        "  ENTRYPOINT [\"slipway\", \"run\", \"--\"]\n"
        "  CMD [\"uvicorn\", \"app.main:app\", \"--host\", \"0.0.0.0\"]\n\n"
        "Example: slipway run -- uvicorn app.main:app",
    .define = define_run,
};

}  // namespace slipway
