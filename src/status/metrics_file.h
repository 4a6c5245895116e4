#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "error/exit_code.h"
#include "runner/runner.h"

// The metrics of the last run, in a file for the textfile collector of Prometheus' node_exporter. docs/metrics.md lists
// them.

namespace slipway {

struct RunFigures {
  std::string
      database;  // host, port and name as in the log, without a secret; it distinguishes the files of one folder
  std::chrono::system_clock::time_point end;
  std::chrono::milliseconds duration{};
  ExitCode exit_code = ExitCode::success;
  std::optional<RunResult> result;  // what was done, even if the run failed; absent: not known
};

// In the exposition format, text version 0.0.4. Pure.
std::string as_prometheus(const RunFigures& figures);

// Replaces the file atomically, so that a reader gets the old figures or the new ones. Other users may read it. A
// failure to write is only a warning in the log, because it must not keep an application from starting.
void write_metrics_file(const std::filesystem::path& file, const RunFigures& figures);

}  // namespace slipway
