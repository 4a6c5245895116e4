#include "database/wait.h"

#include <memory>
#include <string>

#include <CLI/App.hpp>

#include "command.h"
#include "log/log.h"
#include "runner/await_heads.h"
#include "wanted.h"

namespace slipway {
namespace {

void wait_for_connection(Context& context) {
  SessionOptions connection = context.connection(Access::read_write);
  connection.requires_answer = true;
  wait_until_ready(connection, context.wait_policy(WaitsByDefault::always), context.signals());
  log::info("wait.done", "PostgreSQL at " + connection.url.host_description() + " accepts connections");
}

void wait_for_heads(Context& context) {
  context.require_migrations();
  SessionOptions connection = context.connection(Access::read_only);
  connection.requires_answer = true;
  const LedgerState ledger = await_heads({.graph = context.graph(),
                                          .ledger = context.ledger(),
                                          .connection = connection,
                                          .wait = context.wait_policy(WaitsByDefault::always),
                                          .ahead = context.settings().run.ahead,
                                          .signals = context.signals()});
  log::info("wait.done", "database '" + ledger.database + "' is at " + ledger.heads.str());
}

Action define_wait(CLI::App& command) {
  auto what = std::make_shared<std::string>("connection");
  add_wanted(command, *what);
  return [what](Context& context) {
    if (wanted(*what) == Wanted::heads)
      wait_for_heads(context);
    else
      wait_for_connection(context);
    return ExitCode::success;
  };
}

}  // namespace

const Command wait_command{
    .name = "wait",
    .summary = "Wait until PostgreSQL accepts connections, or until the schema is there",
    .details =
        "With --for head, waits until another process has brought the database to this folder's heads. Use it\n"
        "for workers and sidecars that need the schema and must not migrate. Never writes to the database.\n\n"
        "Example: slipway wait --wait-timeout 2min && ./seed.sh\n"
        "         slipway wait --for head && exec ./worker",
    .define = define_wait,
    .choices = choices_of_wanted,
};

}  // namespace slipway
