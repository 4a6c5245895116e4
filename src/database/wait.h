#pragma once

#include <chrono>

#include "database/session.h"

// Waits for PostgreSQL: retries with backoff until a connection succeeds, the timeout expires, or a retry can't help.
// Returns the connection that succeeded.

namespace slipway {

struct WaitPolicy {
  std::chrono::milliseconds timeout{};  // 0: one attempt
  std::chrono::milliseconds grace{};    // for Prospect::perhaps; counts from the first such refusal
};

// Logs a line when the reason changes, not one for each attempt.
// Throws Error: 69 at the timeout, with the last reason; 77 if access was refused for longer than the grace period; 78
// if the settings can't work; 128+N when signal N has arrived.
Session wait_until_ready(const SessionOptions& options, const WaitPolicy& policy, StopSignals& signals);

// Pauses, and throws Error 128+N when stop signal N arrives. Returns at once if the duration is not positive.
void pause(std::chrono::milliseconds duration, StopSignals& signals);

}  // namespace slipway
