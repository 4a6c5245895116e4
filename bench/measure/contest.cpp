#include "measure/contest.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "measure/noise.h"

namespace slipway::bench {

double Figures::quantile(double part) const {
  if (samples.empty()) return std::nan("");
  std::vector<double> sorted = samples;
  std::ranges::sort(sorted);
  return sorted[static_cast<std::size_t>(std::lround(part * static_cast<double>(sorted.size() - 1)))];
}

Outcome contest(const std::vector<Contender>& contenders, int rounds, WarmUp warm_up) {
  Outcome outcome;
  for (const Contender& contender : contenders)
    outcome.figures.push_back({.name = contender.name, .samples = {}});
  std::vector<std::size_t> order(contenders.size());
  std::iota(order.begin(), order.end(), 0);
  std::mt19937 random{7};
  Noise noise;
  for (int round = warm_up == WarmUp::one_round ? -1 : 0; round < rounds; ++round) {
    noise.probe();
    std::ranges::shuffle(order, random);
    for (const std::size_t i : order) {
      const double sample = contenders[i].run();
      if (round >= 0) outcome.figures[i].samples.push_back(sample);
    }
  }
  noise.probe();
  outcome.noisy = noise.noisy();
  return outcome;
}

}  // namespace slipway::bench
