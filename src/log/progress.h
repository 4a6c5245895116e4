#pragma once

#include <chrono>
#include <string>
#include <string_view>

// Receives the progress of a run while it goes on: a live line on a terminal, or an orchestrator's probes. The log is
// written in any case.

namespace slipway {

enum class Phase {
  waiting_for_database,
  waiting_for_turn,  // another session is migrating
  migrating,
};

class Progress {
 public:
  Progress() = default;
  virtual ~Progress() = default;
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Called about ten times a second while slipway works or waits: what it does, and for how long it has done so.
  virtual void during(const std::string& what, std::chrono::milliseconds elapsed) = 0;

  // Called when it is over, before a line is logged, so that a live line can be cleared.
  virtual void over() = 0;

  // Called when a phase begins, and again for each revision of a run and each retry. `revision` is empty if the phase
  // has no revision.
  virtual void enter(Phase phase, std::string_view revision = {}) = 0;
};

}  // namespace slipway
