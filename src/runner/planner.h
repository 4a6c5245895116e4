#pragma once

#include <functional>
#include <optional>

#include "database/session.h"
#include "graph/graph.h"
#include "graph/plan.h"
#include "graph/target.h"
#include "ledger/ledger.h"
#include "settings/run_policy.h"
#include "verify/findings.h"

// Reads the ledger, checks the migrations folder against it, and plans what is to be done from there. It writes
// nothing.

namespace slipway {

struct RunPlan {
  LedgerState ledger;
  Findings findings;
  Plan plan;
  // A script without a transaction began, nothing of it is done, and the plan does not continue with it: its entry in
  // the journal is to be removed before the plan is carried out.
  bool forgets_unfinished = false;
};

class Planner {
 public:
  // Follows the user's selectors from the heads that the database is at.
  using Resolve = std::function<Target(const Heads&)>;

  struct Parts {
    const Graph& graph;
    const Ledger& ledger;
    RunPolicy policy;
    std::chrono::milliseconds connect_timeout;  // the server gets this long to answer, beyond the wait for locks
    StopSignals& signals;
    Resolve resolve;
  };

  explicit Planner(Parts parts) : parts_{std::move(parts)} {}

  // The first call resolves the target. Later calls plan towards the same target, from wherever the database is then.
  //
  // If the database is at revisions that the folder does not have and the policy allows it, the plan is empty and the
  // findings name them. Throws Error: 64 if the selectors can't be followed; 65 if the folder does not match the
  // database; 73 if an unfinished script has to be finished first; 75 if another session keeps the ledger's tables
  // locked for longer than lock_wait, or is at work on the unfinished script; and ConnectionLost.
  RunPlan plan(Session& session);

 private:
  LedgerState read_ledger(Session& session) const;
  void consider_unfinished(Session& session, RunPlan& now) const;

  Parts parts_;
  std::optional<Target> target_;
};

}  // namespace slipway
