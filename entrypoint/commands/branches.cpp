#include <memory>

#include <CLI/App.hpp>

#include "commands/command.h"
#include "print_result.h"
#include "report/revision_report.h"

namespace slipway {

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

}  // namespace slipway
