#include <memory>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "commands/command.h"
#include "named_revisions.h"
#include "print_result.h"
#include "report/revision_report.h"

namespace slipway {

Action define_show(CLI::App& command) {
  auto selectors = std::make_shared<std::vector<std::string>>();
  command.add_option("REVISION", *selectors, "The revisions to show")->required();
  return [selectors](Context& context) {
    const std::vector<Position> named = named_revisions(context, *selectors);
    const Graph& graph = context.graph();
    print_result(
        context, [&] { return show_as_text(graph, named, {}); },
        [&] { return revisions_as_json(graph, named, std::nullopt); });
    return ExitCode::success;
  };
}

}  // namespace slipway
