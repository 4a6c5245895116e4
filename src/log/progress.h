#pragma once

#include <chrono>
#include <string>
#include <string_view>

// Receives the progress of a run: for a terminal's live line or an orchestrator's probes. The log is written in any
// case.

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

  // Called about ten times a second while something runs: what it is, and for how long it has run.
  virtual void during(const std::string& what, std::chrono::milliseconds elapsed) = 0;

  // It has ended. Also called before a line is logged, so that a live line can be erased.
  virtual void over() = 0;

  // A phase begins. Called for each revision of a run and for each retry. `revision` is empty if there is none.
  virtual void enter(Phase phase, std::string_view revision = {}) = 0;
};

}  // namespace slipway
