#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "error/exit_code.h"
#include "runner/runner.h"

// Writes the metrics of the last run of migrations to a file that the textfile collector of Prometheus' node_exporter
// reads. docs/metrics.md lists them.

namespace slipway {

struct RunFigures {
  std::string database;  // host, port and name as in the log, without a secret: distinguishes the files of one folder
  std::chrono::system_clock::time_point end;
  std::chrono::milliseconds duration{};
  ExitCode exit_code = ExitCode::success;
  std::optional<RunResult> result;  // what was done, even if the run failed; absent if not known
};

// In the exposition format, text version 0.0.4. Pure.
std::string as_prometheus(const RunFigures& figures);

// Replaces the file atomically, so that a reader gets either the old or the new metrics. Other users may read the file.
// If it can't be written, this only logs a warning: metrics must not keep an application from starting.
void write_metrics_file(const std::filesystem::path& file, const RunFigures& figures);

}  // namespace slipway
