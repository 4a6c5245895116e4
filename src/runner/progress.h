#pragma once

#include <chrono>
#include <string>

#include "graph/plan.h"

// Who is told how a run goes while it goes: a terminal's live line. The log is written in any case.

namespace slipway {

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
};

}  // namespace slipway
