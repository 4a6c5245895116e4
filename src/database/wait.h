#pragma once

#include <chrono>

#include "database/session.h"

// The wait for PostgreSQL: retries with growing pauses until it is connected, the timeout has expired, or a retry can't
// help. Returns the connection that succeeded.

namespace slipway {

struct WaitPolicy {
  std::chrono::milliseconds timeout{};  // 0: one attempt
  std::chrono::milliseconds grace{};    // for a refusal that may be final, from the first one on
};

// The log gets a line when the reason changes, not for each attempt. Throws Error: 69 when the time is up, with the
// last reason; 77 when access was refused for longer than the grace; 78 when the settings can't work; 128+N when signal
// N has arrived.
Session wait_until_ready(const SessionOptions& options, const WaitPolicy& policy, StopSignals& signals);

// Pauses. Throws Error 128+N when signal N arrives. Returns at once if the duration is not positive.
void pause(std::chrono::milliseconds duration, StopSignals& signals);

}  // namespace slipway
