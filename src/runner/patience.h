#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "database/backoff.h"
#include "graph/heads.h"
#include "ledger/ledger.h"
#include "revision/revision.h"

// How long a run goes on without progress. Each class counts one reason to start over and throws Error when it is time
// to give up. Progress, which is a step that is done, resets them.

namespace slipway {

// Lost connections. A server that goes down again and again at the same step is brought down by that step.
class LostConnections {
 public:
  // One more was lost, after that many steps of the run. Throws Error 69 at the fifth in a row without a step between.
  void add(const std::string& reason, std::size_t steps_done);

 private:
  int count_ = 0;
  std::size_t steps_done_ = 0;  // at the last loss
};

// Attempts that found the ledger changed since it was read. Usually another replica has moved it. If it reads the same
// each time, something else is wrong, such as a trigger or a view.
class MovedLedger {
 public:
  // It was found to have moved from this state. Returns how long to pause before it is read again. Throws Error 65 at
  // the fifth time in a row that it was read the same.
  std::chrono::milliseconds pause_after(const LedgerState& state);

 private:
  std::optional<std::pair<Heads, std::int64_t>> from_;
  int reads_ = 0;  // in a row, that gave `from_`
};

// The time for which one thing is waited for, at most `limit`: --lock-wait.
class TimeWithoutProgress {
 public:
  using Clock = std::chrono::steady_clock;

  explicit TimeWithoutProgress(std::chrono::milliseconds limit) : limit_{limit} {}

  // Starts to count, unless it counts already. `earlier`: time that counts, although it has passed.
  void start(std::chrono::milliseconds earlier = {});
  void restart() { since_ = Clock::now(); }
  void stop() { since_.reset(); }

  // Throws Error 75 if the limit is exceeded; `what` is the beginning of its message.
  void require_time_left(const std::string& what) const;

 private:
  std::chrono::milliseconds limit_;
  std::optional<Clock::time_point> since_;
};

// Attempts at one revision that were rolled back because of a lock.
class Retries {
 public:
  explicit Retries(std::chrono::milliseconds limit);

  // One more attempt failed for the reason `why`, after it had waited for a lock for so long. Returns how long to pause
  // before the next. Throws Error 75 if the time is up.
  std::chrono::milliseconds pause_after(const RevisionId& revision, const std::string& why,
                                        std::chrono::milliseconds waited);
  void reset();

 private:
  std::optional<RevisionId> revision_;
  Backoff pauses_;
  TimeWithoutProgress time_;
};

}  // namespace slipway
