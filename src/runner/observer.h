#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "database/activity.h"
#include "database/session.h"
#include "graph/plan.h"
#include "lock/advisory_lock.h"
#include "log/progress.h"

// Looks, over a second connection, at what keeps a step: who blocks it, and how far the server says it is. The
// connection is opened when a step has lasted so long that a person begins to wonder, and never fails the step.

namespace slipway {

class Observer {
 public:
  struct Parts {
    SessionOptions connection;
    // Who has blocked for longer than this while idle in a transaction is ended; absent: nobody ever is.
    std::optional<std::chrono::milliseconds> kill_idle_in_transaction;
    StopSignals& signals;
    Progress& progress;
  };

  explicit Observer(Parts parts);

  // A step begins, under the advisory lock with that key, whose statements wait for `lock_timeout` at most (0: for
  // ever). The step outlives the calls of tick().
  void begin(const Step& step, LockKey lock_key, std::chrono::milliseconds lock_timeout);

  // To be called about ten times a second while the step lasts.
  void tick();

  // So much of a long script is done.
  void sent(int percent);

  // Who blocked the step when that was last looked at: "blocked by pid 12 (…), pid 13 (…)"; empty if no session did.
  std::string blocked_by() const;

  // The server has gone: what is seen next is seen over another connection.
  void disconnect() { session_.reset(); }

 private:
  using Clock = std::chrono::steady_clock;
  using Backend = std::pair<int, std::string>;  // its pid and its start: one session, for ever

  std::chrono::milliseconds elapsed() const;
  bool look();  // false: nothing could be seen
  void name_blockers();
  void end_blockers();
  void name_standby();
  std::string doing() const;

  Parts parts_;
  std::optional<Session> session_;
  const Step* step_ = nullptr;
  const Revision* revision_ = nullptr;  // of the step, or of the last one
  LockKey lock_key_;
  Clock::time_point start_;
  std::chrono::milliseconds next_look_{};
  std::chrono::milliseconds next_line_{};
  Observation seen_;
  std::optional<int> sent_;                              // percent of the script
  bool said_standby_ = false;                            // that the step waits for a standby
  std::vector<int> named_;                               // pids that the log has named for this step
  std::map<Backend, Clock::time_point> blocking_since_;  // over all tries of one revision
};

}  // namespace slipway
