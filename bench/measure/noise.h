#pragma once

#include <string>

#include "measure/figures.h"

// Whether the machine had other things to do, seen between the rounds of a case: how much of the processors others use
// while nothing is measured, and how steady a fixed piece of work is.

namespace slipway::bench {

class Noise {
 public:
  // Takes some hundredths of a second.
  void probe();

  // Others used more than a twentieth of the processors, or the work took at times a fifth longer than at others.
  bool noisy() const;

  double share_of_others() const;  // of the processors, 0 to 1

 private:
  Figures work_{.name = "work", .samples = {}};
  double busy_ticks_ = 0;
  double all_ticks_ = 0;
};

}  // namespace slipway::bench
