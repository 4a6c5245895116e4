#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "database/session.h"
#include "database/wait.h"
#include "graph/graph.h"
#include "ledger/ledger.h"
#include "log/progress.h"
#include "runner/planner.h"
#include "settings/run_policy.h"

// Carries a plan out on a database and records it. It waits for the server, plans (planner.h), and runs the pending
// steps one by one (attempt.h). If another replica has moved the ledger, a lock was not obtained, or the connection was
// lost, it plans again, for as long as patience.h allows.

namespace slipway {

struct AppliedStep {
  RevisionId revision;
  std::string message;
  Direction direction;
  std::chrono::milliseconds duration;
};

struct RunResult {
  std::string database;
  Heads before;
  Heads after;
  std::vector<AppliedStep> steps;  // by this run, not by other replicas
  // The database is at revisions that the folder does not have, and the policy allows that: nothing was run.
  bool ahead = false;
};

class Runner {
 public:
  struct Parts {
    const Graph& graph;
    const Ledger& ledger;
    SessionOptions connection;
    std::optional<SessionOptions> direct;  // past a pooler, for what needs a session of its own
    WaitPolicy wait;
    RunPolicy policy;
    StopSignals& signals;
    Progress& progress;
  };

  explicit Runner(Parts parts) : parts_{std::move(parts)} {}

  // The selectors are resolved once, from the heads that are read first.
  // Both throw Error: 64 if a selector can't be followed; 65 if the folder does not match the database; 69, 77 and 78
  // as the wait does; 73 if a script failed; 75 if no progress was made for lock_wait; 128+N if signal N has arrived.
  RunResult upgrade(std::span<const std::string> selectors);
  RunResult downgrade(std::string_view selector);

  // What was done so far. If upgrade or downgrade threw, this is all that is known.
  const RunResult& result() const noexcept { return result_; }

  // What upgrade and downgrade would do now. They throw as those do, and Error 69 if the connection is lost.
  RunPlan plan_upgrade(std::span<const std::string> selectors);
  RunPlan plan_downgrade(std::string_view selector);

 private:
  Planner planner(Planner::Resolve resolve) const;
  Planner upgrade_planner(std::span<const std::string> selectors) const;
  Planner downgrade_planner(std::string_view selector) const;
  RunResult run(Planner planner);
  RunPlan plan(Planner planner);

  Parts parts_;
  RunResult result_;
};

}  // namespace slipway
