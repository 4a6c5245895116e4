#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "runner/runner.h"

// A plan or the result of a run, for people and for programs. docs/json-results.md has the JSON, key by key.

namespace slipway {

// One line for each step: "upgrade 003 Add an index (migrations/003_add_an_index.sql)".
std::string as_text(const RunPlan& plan);

// {"database", "current": [ids], "target": [ids], "steps": [{"revision", "direction", "message", "file"}]}
nlohmann::ordered_json as_json(const RunPlan& plan);

// {"database", "before": [ids], "after": [ids], "ahead", "steps": [{"revision", "direction", "message",
// "duration_ms"}]}
nlohmann::ordered_json as_json(const RunResult& result);

}  // namespace slipway
