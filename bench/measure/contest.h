#pragma once

#include <functional>
#include <string>
#include <vector>

#include "measure/figures.h"

// Contenders that are measured in turn, round by round, in another order each: whatever else the machine does hits all
// of them alike. What only the first round pays (a cold cache) is not counted.

namespace slipway::bench {

struct Contender {
  std::string name;
  std::function<double()> run;  // one sample
};

struct Outcome {
  std::vector<Figures> figures;  // in the order of the contenders
  bool noisy = false;            // the machine had other things to do (noise.h)
};

enum class WarmUp { one_round, none };

Outcome contest(const std::vector<Contender>& contenders, int rounds, WarmUp warm_up = WarmUp::one_round);

}  // namespace slipway::bench
