#include "commands/migrate.h"

#include <iostream>

#include "log/log.h"
#include "report/plan_report.h"

namespace slipway {

Runner make_runner(Context& context, const Ledger& ledger, Progress& progress, std::chrono::milliseconds wait_timeout) {
  return Runner{{.graph = context.graph(),
                 .ledger = ledger,
                 .connection = context.connection(Access::read_write),
                 .wait = context.wait_policy(wait_timeout),
                 .policy = context.run_policy(),
                 .signals = context.signals(),
                 .progress = progress}};
}

void print(const RunPlan& plan, ResultFormat format) {
  if (format == ResultFormat::json) {
    std::cout << as_json(plan).dump(2) << "\n";
    return;
  }
  std::cout << as_text(plan);
  if (plan.plan.empty()) log::info("plan.empty", "nothing to do: the database is at " + plan.plan.before.str());
}

void print(const RunResult& result, ResultFormat format) {
  if (format == ResultFormat::json) std::cout << as_json(result).dump(2) << "\n";
}

void log_end(const RunResult& result) {
  const std::string database = "database '" + result.database + "'";
  if (result.ahead) {
    log::warning("schema.ahead",
                 database + " is at " + result.after.str() +
                     ", ahead of this migrations folder; nothing was applied, as --ahead allow says",
                 {{"current", result.after.str()}});
    return;
  }
  std::string how;
  if (result.steps.empty())
    how = result.before == result.after ? ", nothing to do" : ", where another session brought it";
  log::info("schema.current", database + " is at " + result.after.str() + how, {{"current", result.after.str()}});
}

}  // namespace slipway
