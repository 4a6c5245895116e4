#pragma once

#include <chrono>
#include <string>
#include <string_view>

// Who is told how a run goes while it goes: a terminal's live line, an orchestrator's probes. The log is written in any
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

  // About ten times a second while something lasts: what it is, and for how long.
  virtual void during(const std::string& what, std::chrono::milliseconds elapsed) = 0;

  // It is over. Called before a line is logged, so that a live line can be wiped.
  virtual void over() = 0;

  // Something else begins; again for each revision of a run, and for each further try. `revision` is empty if there
  // is none.
  virtual void enter(Phase phase, std::string_view revision = {}) = 0;
};

}  // namespace slipway
