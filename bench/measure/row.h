#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "measure/contest.h"
#include "measure/figures.h"

// A line of the table: slipway beside one other, and whether that is what was aimed at.

namespace slipway::bench {

struct Goal {
  enum class Of {
    ratio,       // slipway's median, of the other's
    difference,  // slipway's median less the other's
    most,        // slipway's worst sample; the other is only shown
  };
  Of of = Of::ratio;
  double at_most = 1;
};

struct Row {
  std::string subject;
  std::string unit;
  Figures slipway;
  Figures other;
  std::optional<Goal> goal;  // absent: shown for comparison
  bool noisy = false;

  double value() const;  // what the goal is about; the ratio where there is none
  std::optional<bool> met() const;
};

// One row for each contender but the first, which is slipway. `goals` stand in the order of the others.
std::vector<Row> rows_of(const std::string& subject, const std::string& unit, const Outcome& outcome,
                         const std::vector<std::optional<Goal>>& goals);

// What `./dev bench NAME` runs.
struct Case {
  std::string_view name;
  std::string_view what;
  std::function<std::vector<Row>()> run;
};

}  // namespace slipway::bench
