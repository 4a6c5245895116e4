#pragma once

#include <functional>

#include "context.h"
#include "runner/runner.h"

// What the commands that migrate share: they make a runner from the settings and report its results.

namespace slipway {

// A runner on the context's parts, with `progress` shown while it works.
Runner make_runner(Context& context, const Ledger& ledger, Progress& progress, WaitsByDefault waits);

// Runs `work` with such a runner. If the user named a metrics file, the figures are written to it, even if `work`
// throws.
RunResult migrate(Context& context, Progress& progress, WaitsByDefault waits,
                  const std::function<RunResult(Runner&)>& work);

// The same for work that is not a runner's. The figures then do not say what was done.
void measure(Context& context, const std::function<void()>& work);

// To stdout: JSON if it is asked for. Otherwise a plan is printed as text, and a result is not: the log has shown it.
void print(const RunPlan& plan, ResultFormat format);
void print(const RunResult& result, ResultFormat format);

// Logs the revision that the database is at now.
void log_end(const RunResult& result);

}  // namespace slipway
