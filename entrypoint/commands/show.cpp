#include <memory>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "command.h"
#include "named_revisions.h"
#include "print_result.h"
#include "report/revision_report.h"

namespace slipway {
namespace {

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

}  // namespace

const Command show_command{
    .name = "show",
    .summary = "Show revisions in full",
    .details =
        "REVISION is an id or the beginning of one, a label, head, heads, current, -N, ID-N, or BRANCH@head.\n\n"
        "Example: slipway show head",
    .define = define_show,
};

}  // namespace slipway
