#include "verify/check.h"

#include <memory>
#include <optional>

#include <CLI/App.hpp>

#include "commands/command.h"
#include "log/log.h"
#include "print_result.h"
#include "read_ledger.h"
#include "report/check_report.h"

namespace slipway {

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
    const Graph& graph = context.graph();
    std::optional<LedgerState> ledger;
    if (!arguments->offline && context.has_database()) ledger = read_ledger(context);
    const std::vector<Finding> findings = check(graph, ledger,
                                                {.allow_multiple_heads = arguments->allow_multiple_heads,
                                                 .allow_pending = arguments->allow_pending,
                                                 .policy = context.settings().run});
    print_result(
        context, [&] { return as_text(findings); }, [&] { return as_json(graph, ledger, findings); });
    if (!findings.empty()) return ExitCode::negative;
    log::info("check.passed", "no problems found: " + std::to_string(graph.size()) +
                                  (graph.size() == 1 ? " revision" : " revisions") + ", head " + graph.heads().str() +
                                  (ledger ? ", and database '" + ledger->database + "' matches" : ""));
    return ExitCode::success;
  };
}

}  // namespace slipway
