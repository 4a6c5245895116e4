#pragma once

#include <chrono>

#include "database/session.h"

// The wait for PostgreSQL: connects, again and again with a growing pause, until a connection stands, the time is up,
// or trying can't help. The connection that succeeded is the one that is handed back.

namespace slipway {

struct WaitPolicy {
  std::chrono::milliseconds timeout{};  // 0: one attempt
  std::chrono::milliseconds grace{};    // for a refusal that is perhaps final, from its first time on
};

// The log has a line when the reason changes, not one for each attempt.
// Throws Error: 69 when the time is up, with the last reason; 77 when access was refused for longer than the grace; 78
// when the settings can't work; 128+N when signal N has arrived.
Session wait_until_ready(const SessionOptions& options, const WaitPolicy& policy, StopSignals& signals);

// A pause that a stop signal ends, by throwing Error 128+N. None if the duration is not positive.
void pause(std::chrono::milliseconds duration, StopSignals& signals);

}  // namespace slipway
