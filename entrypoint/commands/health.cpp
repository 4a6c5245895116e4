#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <CLI/App.hpp>
#include <nlohmann/json.hpp>

#include "command.h"
#include "database/wait.h"
#include "error/error.h"
#include "log/log.h"
#include "print_result.h"
#include "report/words.h"
#include "verify/at_heads.h"
#include "wanted.h"

namespace slipway {
namespace {

struct Health {
  std::optional<LedgerState> ledger{};     // if it was asked for and could be read
  std::optional<std::string> complaint{};  // a line; empty: all is well
};

// A probe that waited would answer too late, so the settings of the wait do not apply.
Health examine(Context& context, Wanted what) {
  if (context.has_scratch_server())
    throw Error{ExitCode::bad_configuration, "a scratch: server can be reached only by the slipway that started it",
                "set DATABASE_URL to the URL of a server"};
  if (what == Wanted::heads) context.require_migrations();
  SessionOptions connection = context.connection(Access::read_only);
  connection.requires_answer = what == Wanted::connection;
  try {
    Session session = wait_until_ready(connection, {}, context.signals());
    if (what == Wanted::connection) return {};
    const std::chrono::milliseconds patience = context.settings().wait.connect_timeout;
    Health health{.ledger = context.ledger().read(session, {.lock_timeout = patience, .answer = 2 * patience})};
    health.complaint = not_at_heads(context.graph(), *health.ledger, context.settings().run.ahead);
    return health;
  } catch (const ConnectionLost& lost) {
    return {.complaint = "the connection was lost: " + lost.reason};
  } catch (const Error& error) {
    const bool is_answer = error.exit_code() == ExitCode::unavailable || error.exit_code() == ExitCode::try_again ||
                           error.exit_code() == ExitCode::access_refused;
    if (!is_answer) throw;
    return {.complaint = error.message()};
  }
}

nlohmann::ordered_json as_json(const Health& health) {
  nlohmann::ordered_json json{{"healthy", !health.complaint}, {"reason", nullptr}, {"database", nullptr}};
  if (health.complaint) json["reason"] = *health.complaint;
  if (health.ledger) {
    json["database"] = health.ledger->database;
    json["current"] = ids(health.ledger->heads);
  }
  return json;
}

Action define_health(CLI::App& command) {
  auto what = std::make_shared<std::string>("head");
  add_wanted(command, *what);
  return [what](Context& context) {
    const Health health = examine(context, wanted(*what));
    print_result(
        context, [] { return std::string{}; }, [&] { return as_json(health); });
    if (health.complaint) {
      log::warning("health.bad", *health.complaint);
      return ExitCode::negative;
    }
    log::info("health.good", health.ledger
                                 ? "database '" + health.ledger->database + "' is at " + health.ledger->heads.str()
                                 : "PostgreSQL at " + context.url().host_description() + " answers");
    return ExitCode::success;
  };
}

}  // namespace

const Command health_command{
    .name = "health",
    .summary = "Check that the database answers and has the schema",
    .details =
        "The exit code is 0 if it does. Otherwise the exit code is 1, and a line on stderr says why. Makes one\n"
        "attempt on one connection, and never waits. Never writes to the database.\n\n"
        "  HEALTHCHECK CMD [\"slipway\", \"health\"]\n\n"
        "Example: slipway health\n"
        "         slipway health --for connection",
    .define = define_health,
    .choices = choices_of_wanted,
};

}  // namespace slipway
