#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "database/backoff.h"
#include "database/session.h"
#include "database/wait.h"
#include "graph/graph.h"
#include "graph/plan.h"
#include "graph/target.h"
#include "ledger/ledger.h"
#include "log/progress.h"
#include "runner/attempt.h"
#include "runner/observer.h"
#include "settings/run_policy.h"
#include "verify/findings.h"

// Carries a plan out on a database and records it: waits for the server, reads the ledger, holds the folder against it,
// runs what is pending, one revision at a time, and starts over from the ledger whenever another replica has moved it
// or the connection was lost.

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
  std::vector<AppliedStep> steps;  // by this run; those of other replicas are not among them
  // The database is at revisions that the folder does not have, and that was allowed: nothing was run.
  bool ahead = false;
};

// What the ledger says, and what is to be done from there. Nothing was changed.
struct RunPlan {
  LedgerState ledger;
  Findings findings;
  Plan plan;
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

  explicit Runner(Parts parts);

  // The selectors are followed once, from the heads that are read first.
  // Both throw Error: 64 for a selector that leads nowhere; 65 for a folder that does not fit the database; 69, 77 and
  // 78 as the wait does; 73 where a script failed; 75 where no progress was made for lock_wait; 128+N.
  RunResult upgrade(std::span<const std::string> selectors);
  RunResult downgrade(std::string_view selector);

  // What was done so far; all there is to know where they threw.
  const RunResult& result() const noexcept { return result_; }

  // What upgrade and downgrade would do now.
  RunPlan plan_upgrade(std::span<const std::string> selectors);
  RunPlan plan_downgrade(std::string_view selector);

 private:
  using Resolve = std::function<Target(const Heads&)>;
  using Clock = std::chrono::steady_clock;

  const RunResult& run(const Resolve& resolve);
  RunPlan look(const Resolve& resolve);
  RunPlan look(Session& session, const Resolve& resolve);
  LedgerState read_ledger(Session& session);

  // Until the plan is empty, or the connection is lost.
  void carry_out(Session& session, const Resolve& resolve);
  enum class Next { step, look };
  Next try_step(Session& session, RunPlan& now, const Step& step);
  Attempt attempt(Session& session, const Task& task, const RunOptions& options);
  void require_same_ledger(Session& session, const LedgerState& state);
  void require_same_database(Session& session, Session& locked, const LedgerState& state);
  void require_moved(const LedgerState& state);
  void make_durable(Session& session);
  void wait_for_lock_holder(Session& session, const RunPlan& now);
  void wait_to_try_again(const Step& step, const Attempt& last);
  void require_nobody_is_at_it(Session& session, const LedgerState& state);
  void require_time_left(const std::string& why, Clock::time_point since) const;

  Parts parts_;
  RunResult result_;
  std::optional<Target> target_;  // once it is known
  Observer observer_;
  std::optional<Session> direct_;  // once it is needed
  // What the ledger read as when it was found to have moved last, and how often it was read so in a row.
  std::optional<std::pair<Heads, std::int64_t>> moved_from_;
  int reads_of_the_same_ = 0;
  bool undurable_ = false;                          // the last commit did not wait for the server's disk
  std::optional<Clock::time_point> waiting_since_;  // without progress, for the lock that another session holds
  Backoff retry_pause_;                             // of one revision's next try
  std::optional<RevisionId> retry_revision_;
  Clock::time_point blocked_since_;  // that revision, by a lock that it does not get
};

}  // namespace slipway
