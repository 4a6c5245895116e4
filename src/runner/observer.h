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

// Finds out, on a second connection, why a step takes long: which sessions block it, and the progress that the server
// reports. The connection is opened only after the step has run for some time. Its failure never fails the step.

namespace slipway {

class Observer {
 public:
  struct Parts {
    SessionOptions connection;
    // Sessions that have blocked for longer than this while idle in a transaction are ended; absent: no session is.
    std::optional<std::chrono::milliseconds> kill_idle_in_transaction;
    StopSignals& signals;
    Progress& progress;
  };

  explicit Observer(Parts parts);

  // A step begins, under the advisory lock with that key. Its statements wait for a lock for at most `lock_timeout` (0:
  // without limit). The step outlives the calls of tick().
  void begin(const Step& step, LockKey lock_key, std::chrono::milliseconds lock_timeout);

  // Call this about ten times a second while the step runs.
  void tick();

  // The percentage of a long script that was sent.
  void sent(int percent);

  // The sessions that blocked the step at the last check: "blocked by pid 12 (…), pid 13 (…)"; empty if there were
  // none.
  std::string blocked_by() const;

  // The server has gone: the next check uses a new connection.
  void disconnect() { session_.reset(); }

 private:
  using Clock = std::chrono::steady_clock;
  using Backend = std::pair<int, std::string>;  // pid and start time, which identify a session

  std::chrono::milliseconds elapsed() const;
  bool look();  // false if the server could not be queried
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
  std::map<Backend, Clock::time_point> blocking_since_;  // over all attempts at one revision
};

}  // namespace slipway
