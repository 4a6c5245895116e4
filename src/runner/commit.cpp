#include "runner/commit.h"

#include "error/error.h"
#include "process/signal_name.h"

namespace slipway {

Outcome commit(Session& session, const Revision& revision, const std::string& message,
               const std::function<void()>& tick) {
  Outcome outcome = session.run(
      message, {.keep = RunOptions::Keep::last_row, .tick = tick, .after_signal = RunOptions::AfterSignal::outcome});
  const auto signal = session.stop_signal();
  if (outcome.end == Outcome::End::lost) {
    if (signal)
      throw Error{killed_by(*signal),
                  "stopped by " + signal_name(*signal) + ", and the connection was lost (" + outcome.lost_because +
                      "): whether " + title(revision) + " was committed is not known",
                  "check with `slipway current`"};
    throw ConnectionLost{outcome.lost_because};
  }
  if (outcome.end == Outcome::End::failed) session.require_no_stop_signal();
  return outcome;
}

}  // namespace slipway
