#include "migrate.h"

#include <iostream>
#include <optional>

#include "error/error.h"
#include "log/log.h"
#include "report/plan_report.h"
#include "status/metrics_file.h"

namespace slipway {

Runner make_runner(Context& context, const Ledger& ledger, Progress& progress, WaitsByDefault waits) {
  return Runner{{.graph = context.graph(),
                 .ledger = ledger,
                 .connection = context.connection(Access::read_write),
                 .direct = context.direct_connection(),
                 .wait = context.wait_policy(waits),
                 .policy = context.settings().run,
                 .signals = context.signals(),
                 .progress = progress}};
}

namespace {

// `result` is called after the work.
void measure(Context& context, const std::function<void()>& work,
             const std::function<std::optional<RunResult>()>& result) {
  const auto& file = context.settings().orchestrator.metrics_file;
  if (!file) return work();
  const auto start = std::chrono::steady_clock::now();
  const auto leave_figures = [&](ExitCode code) {
    using std::chrono::milliseconds;
    write_metrics_file(*file,
                       {.database = context.database_description(),
                        .end = std::chrono::system_clock::now(),
                        .duration = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start),
                        .exit_code = code,
                        .result = result()});
  };
  try {
    work();
  } catch (const Error& error) {
    leave_figures(error.exit_code());
    throw;
  }
  leave_figures(ExitCode::success);
}

}  // namespace

RunResult migrate(Context& context, Progress& progress, WaitsByDefault waits,
                  const std::function<RunResult(Runner&)>& work) {
  context.require_migrations();
  const Ledger ledger = context.ledger_for(context.graph());
  std::optional<Runner> runner;
  RunResult done;
  measure(
      context, [&] { done = work(runner.emplace(make_runner(context, ledger, progress, waits))); },
      [&] { return runner ? std::optional{runner->result()} : std::nullopt; });
  return done;
}

void measure(Context& context, const std::function<void()>& work) {
  measure(context, work, [] { return std::optional<RunResult>{}; });
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
                     ", ahead of this migrations folder; nothing was applied, because --ahead is set to allow",
                 {{"current", result.after.str()}});
    return;
  }
  std::string how;
  if (result.steps.empty()) how = result.before == result.after ? ", nothing to do" : ", applied by another session";
  log::info("schema.current", database + " is at " + result.after.str() + how, {{"current", result.after.str()}});
}

}  // namespace slipway
