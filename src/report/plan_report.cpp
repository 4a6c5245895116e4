#include "report/plan_report.h"

#include "report/words.h"

namespace slipway {

std::string as_text(const RunPlan& plan) {
  std::string text;
  for (const Step& step : plan.plan.steps) {
    text += std::string{word(step.direction)} + " " + step.revision->id.str();
    if (!step.revision->message.empty()) text += " " + step.revision->message;
    text += " (" + step.revision->location.file.string() + ")\n";
  }
  return text;
}

nlohmann::ordered_json as_json(const RunPlan& plan) {
  nlohmann::ordered_json steps = nlohmann::ordered_json::array();
  for (const Step& step : plan.plan.steps)
    steps.push_back({{"revision", step.revision->id.str()},
                     {"direction", word(step.direction)},
                     {"message", step.revision->message},
                     {"file", step.revision->location.file.string()}});
  return {{"database", plan.ledger.database},
          {"current", ids(plan.plan.before)},
          {"target", ids(plan.plan.after)},
          {"steps", steps}};
}

nlohmann::ordered_json as_json(const RunResult& result) {
  nlohmann::ordered_json steps = nlohmann::ordered_json::array();
  for (const AppliedStep& step : result.steps)
    steps.push_back({{"revision", step.revision.str()},
                     {"direction", word(step.direction)},
                     {"message", step.message},
                     {"duration_ms", step.duration.count()}});
  return {{"database", result.database},
          {"before", ids(result.before)},
          {"after", ids(result.after)},
          {"ahead", result.ahead},
          {"steps", steps}};
}

}  // namespace slipway
