#include <memory>

#include <CLI/App.hpp>

#include "command.h"
#include "print_result.h"
#include "report/revision_report.h"

namespace slipway {
namespace {

Action define_branches(CLI::App& command) {
  auto verbose = std::make_shared<bool>(false);
  command.add_flag("-v,--verbose", *verbose, "Show each branch point in full, with the messages of its children");
  return [verbose](Context& context) {
    const Graph& graph = context.graph();
    print_result(
        context, [&] { return branches_as_text(graph, *verbose ? Detail::blocks : Detail::lines); },
        [&] { return branches_as_json(graph); });
    return ExitCode::success;
  };
}

}  // namespace

const Command branches_command{
    .name = "branches",
    .summary = "Show the branch points: the revisions that several others revise",
    .details = "Example: slipway branches -v",
    .define = define_branches,
};

}  // namespace slipway
