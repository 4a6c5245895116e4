#include <memory>

#include <CLI/App.hpp>

#include "command.h"
#include "print_result.h"
#include "report/revision_report.h"

namespace slipway {
namespace {

Action define_heads(CLI::App& command) {
  struct Arguments {
    bool verbose = false;
    bool resolve_dependencies = false;
  };
  auto arguments = std::make_shared<Arguments>();
  command.add_flag("-v,--verbose", arguments->verbose, "Show each revision in full, as show does");
  command.add_flag("--resolve-dependencies", arguments->resolve_dependencies,
                   "Leave out heads that another revision depends on");
  return [arguments](Context& context) {
    const Graph& graph = context.graph();
    std::vector<Position> heads = graph.line_heads();
    if (arguments->resolve_dependencies) std::erase_if(heads, [&](Position p) { return !graph.is_real_head(p); });
    print_result(
        context, [&] { return heads_as_text(graph, heads, arguments->verbose ? Detail::blocks : Detail::lines); },
        [&] { return revisions_as_json(graph, heads, std::nullopt); });
    return ExitCode::success;
  };
}

}  // namespace

const Command heads_command{
    .name = "heads",
    .summary = "Show the heads: the revisions that no other revision revises",
    .details = "Example: slipway heads -v",
    .define = define_heads,
};

}  // namespace slipway
