#include "offline.h"

#include <nlohmann/json.hpp>

#include "error/error.h"
#include "print_result.h"
#include "runner/offline_script.h"

namespace slipway {
namespace {

void print_script(Context& context, const std::string& script) {
  print_result(
      context, [&] { return script; },
      [&] {
        return nlohmann::ordered_json{{"script", script}};
      });
}

OfflineScript how(Context& context, const Ledger& ledger) {
  return {.ledger = ledger,
          .schema = context.settings().database.version_schema,
          .role = context.settings().database.role,
          .policy = context.settings().run};
}

}  // namespace

OfflineRange offline_range(const Graph& graph, const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) return {.from = {}, .to = text};
  const std::string from = text.substr(0, colon);
  if (from == "current")
    throw Error{ExitCode::usage, "'" + text + "' begins at current, but --sql does not query the database",
                "give the current revision as FROM; `slipway current` shows it"};
  OfflineRange range{.from = {}, .to = text.substr(colon + 1)};
  const std::vector<std::string> selectors{from};
  if (!from.empty()) range.from = plan_stamp(graph, {}, selectors).after;
  return range;
}

void print_script(Context& context, const Plan& plan) {
  const Ledger ledger = context.ledger_for(context.graph());
  print_script(context, as_script(how(context, ledger), context.graph(), plan));
}

void print_script(Context& context, const Stamp& stamp) {
  const Ledger ledger = context.ledger_for(context.graph());
  print_script(context, as_script(how(context, ledger), context.graph(), stamp));
}

}  // namespace slipway
