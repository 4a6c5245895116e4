#pragma once

#include <functional>

#include "context.h"
#include "runner/runner.h"

// Functions that the migrating commands share: they create a runner from the settings and report its results.

namespace slipway {

// A runner that uses the parts of the context and shows `progress` while it works.
Runner make_runner(Context& context, const Ledger& ledger, Progress& progress, WaitsByDefault waits);

// Runs `work` with such a runner. If the user named a metrics file, the metrics are written to it, even if `work`
// throws.
RunResult migrate(Context& context, Progress& progress, WaitsByDefault waits,
                  const std::function<RunResult(Runner&)>& work);

// The same for work without a runner. The metrics then do not say which revisions were applied.
void measure(Context& context, const std::function<void()>& work);

// Prints to stdout: JSON if the user asks for it. Otherwise a plan is printed as text, and a result is not printed,
// because the log has already shown it.
void print(const RunPlan& plan, ResultFormat format);
void print(const RunResult& result, ResultFormat format);

// Logs the revision that the database is at now.
void log_end(const RunResult& result);

}  // namespace slipway
