#include "measure/row.h"

namespace slipway::bench {

double Row::value() const {
  switch (goal ? goal->of : Goal::Of::ratio) {
    case Goal::Of::difference:
      return slipway.median() - other.median();
    case Goal::Of::most:
      return slipway.quantile(1);
    case Goal::Of::ratio:
      break;
  }
  return slipway.median() / other.median();
}

std::optional<bool> Row::met() const {
  if (!goal) return std::nullopt;
  // To the two digits that the table shows.
  return value() < goal->at_most + (goal->of == Goal::Of::ratio ? 0.005 : 0.5);
}

std::vector<Row> rows_of(const std::string& subject, const std::string& unit, const Outcome& outcome,
                         const std::vector<std::optional<Goal>>& goals) {
  std::vector<Row> rows;
  for (std::size_t i = 1; i < outcome.figures.size(); ++i)
    rows.push_back({.subject = subject,
                    .unit = unit,
                    .slipway = outcome.figures.front(),
                    .other = outcome.figures[i],
                    .goal = i <= goals.size() ? goals[i - 1] : std::nullopt,
                    .noisy = outcome.noisy});
  return rows;
}

}  // namespace slipway::bench
