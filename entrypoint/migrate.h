#pragma once

#include <functional>

#include "context.h"
#include "runner/runner.h"

// What the commands that migrate share: the runner made of the settings, and its results reported.

namespace slipway {

// A runner on the context's parts, with `progress` shown while it works.
Runner make_runner(Context& context, const Ledger& ledger, Progress& progress, WaitsByDefault waits);

// The end of `work` with such a runner. Its figures are left in the metrics file where the user named one, also where
// it throws.
RunResult migrate(Context& context, Progress& progress, WaitsByDefault waits,
                  const std::function<RunResult(Runner&)>& work);

// The figures of work that is not a runner's: all but what was done.
void measure(Context& context, const std::function<void()>& work);

// To stdout: JSON where that is asked for, else the plan as text, and nothing for a result, which the log has told.
void print(const RunPlan& plan, ResultFormat format);
void print(const RunResult& result, ResultFormat format);

// In the log: where the database is, when there was nothing to do.
void log_end(const RunResult& result);

}  // namespace slipway
