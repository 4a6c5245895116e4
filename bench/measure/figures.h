#pragma once

#include <string>
#include <vector>

// What was measured of one contender, and what the rounds say together.

namespace slipway::bench {

struct Figures {
  std::string name;
  std::vector<double> samples;

  double median() const { return quantile(0.5); }
  double quantile(double part) const;  // 0: the least, 1: the most; nearest rank
};

}  // namespace slipway::bench
