#include <memory>
#include <string>

#include <CLI/App.hpp>

#include "command.h"
#include "log/log.h"
#include "print_result.h"
#include "read_ledger.h"
#include "report/revision_report.h"
#include "verify/ledger_place.h"

namespace slipway {
namespace {

std::string place(Context& context) {
  const DatabaseUrl url = context.url();
  return url.parameters().empty() ? url.host_description() : url.masked();
}

bool is_at_heads(const Graph& graph, const Heads& current) {
  return graph.unknown(current).empty() && graph.applied(current).size() == graph.size();
}

Action define_current(CLI::App& command) {
  struct Arguments {
    bool verbose = false;
    bool check_heads = false;
  };
  auto arguments = std::make_shared<Arguments>();
  command.add_flag("-v,--verbose", arguments->verbose, "Show which database it is, and its revisions in full");
  command.add_flag("--check-heads", arguments->check_heads,
                   "Exit with 1 if the database is not at the heads of the folder");
  return [arguments](Context& context) {
    if (arguments->check_heads) context.require_migrations();
    const LedgerState ledger = read_ledger(context);
    const Graph& graph = context.graph();
    warn_of_ledger_elsewhere(graph, ledger);
    print_result(
        context,
        [&] {
          if (!arguments->verbose) return current_as_text(graph, ledger.heads, Detail::lines);
          return "Current revision(s) for " + place(context) + ":\n" +
                 current_as_text(graph, ledger.heads, Detail::blocks);
        },
        [&] { return current_as_json(graph, ledger); });
    if (!arguments->check_heads || is_at_heads(graph, ledger.heads)) return ExitCode::success;
    log::warning("schema.not_at_heads",
                 "database '" + ledger.database + "' is at " + ledger.heads.str() +
                     ", but the heads of the folder are " + graph.heads().str(),
                 {{"current", ledger.heads.str()}});
    return ExitCode::negative;
  };
}

}  // namespace

const Command current_command{
    .name = "current",
    .summary = "Show the revision that the database is at",
    .details =
        "Prints the tips of the applied revisions, or nothing if no revision is applied. With --check-heads,\n"
        "the exit code is 1 if the database is not at the heads of the folder. Never writes to the database.\n\n"
        "Example: slipway current --check-heads",
    .define = define_current,
};

}  // namespace slipway
