#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "error/exit_code.h"
#include "runner/runner.h"

// The figures of the last run of migrations in a file that the textfile collector of Prometheus' node_exporter reads.
// docs/metrics.md lists them.

namespace slipway {

struct RunFigures {
  std::string database;  // host, port and name as in the log, without a secret: it tells the files of one folder apart
  std::chrono::system_clock::time_point end;
  std::chrono::milliseconds duration{};
  ExitCode exit_code = ExitCode::success;
  std::optional<RunResult> result;  // what was done, also where it failed in the end; absent: not known
};

// In the exposition format, text version 0.0.4. Pure.
std::string as_prometheus(const RunFigures& figures);

// Whoever reads the file meets the old figures or the new ones, never half of them: a file beside it takes its place.
// Other users may read it. That it can't be written is a warning in the log and nothing more: it is no reason to keep
// an application from starting.
void write_metrics_file(const std::filesystem::path& file, const RunFigures& figures);

}  // namespace slipway
