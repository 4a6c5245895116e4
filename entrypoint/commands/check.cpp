#include "verify/check.h"

#include <memory>
#include <optional>

#include <CLI/App.hpp>

#include "command.h"
#include "log/log.h"
#include "print_result.h"
#include "read_ledger.h"
#include "report/check_report.h"

namespace slipway {
namespace {

Action define_check(CLI::App& command) {
  struct Arguments {
    bool allow_multiple_heads = false;
    bool allow_pending = false;
    bool offline = false;
  };
  auto arguments = std::make_shared<Arguments>();
  command.add_flag("--allow-multiple-heads", arguments->allow_multiple_heads, "Do not report several heads");
  command.add_flag("--allow-pending", arguments->allow_pending, "Do not report pending revisions");
  command.add_flag("--offline", arguments->offline, "Check only the folder, even if a database is configured");
  return [arguments](Context& context) {
    context.require_migrations();
    const Graph& graph = context.graph();
    std::optional<LedgerState> ledger;
    CheckOptions options{.allow_multiple_heads = arguments->allow_multiple_heads,
                         .allow_pending = arguments->allow_pending,
                         .policy = context.settings().run};
    if (!arguments->offline && context.has_database()) {
      LedgerUnderWork found = read_ledger_and_holder(context);
      ledger = std::move(found.ledger);
      if (found.migrating) options.migrating_session = found.migrating->describe();
    }
    const std::vector<Finding> findings = check(graph, ledger, options);
    print_result(
        context, [&] { return as_text(findings); }, [&] { return as_json(graph, ledger, findings); });
    if (!findings.empty()) return ExitCode::negative;
    log::info("check.passed", "no problems found: " + std::to_string(graph.size()) +
                                  (graph.size() == 1 ? " revision" : " revisions") + ", head " + graph.heads().str() +
                                  (ledger ? ", and database '" + ledger->database + "' matches" : ""));
    return ExitCode::success;
  };
}

}  // namespace

const Command check_command{
    .name = "check",
    .summary = "Check the migrations folder and the database",
    .details =
        "Checks that every file in the folder can be read, that the revisions fit together, that there is one\n"
        "head, and that no script contains statements that can't run in it, such as psql commands, or CREATE\n"
        "INDEX CONCURRENTLY in a transaction. If a database is configured, also checks that no revision was\n"
        "edited, inserted or cut off, and that none is pending. Prints what it finds; the exit code is then 1,\n"
        "or 65 if the folder can't be read. Never writes to the database.\n\n"
        "Does not check the syntax of the SQL. `DATABASE_URL=scratch: slipway upgrade` runs all of it.\n\n"
        "Example: slipway check --offline",
    .define = define_check,
};

}  // namespace slipway
