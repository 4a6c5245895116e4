#include <memory>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "command.h"
#include "graph/placement.h"
#include "new_file.h"

namespace slipway {
namespace {

std::string message_for(const std::vector<RevisionId>& parents) {
  std::string text = "Merge ";
  for (std::size_t i = 0; i < parents.size(); ++i)
    text += (i == 0 ? "" : i + 1 == parents.size() ? " and " : ", ") + parents[i].str();
  return text;
}

Action define_merge(CLI::App& command) {
  struct Arguments {
    NewFile file;
    std::vector<std::string> revisions;
  };
  auto arguments = std::make_shared<Arguments>();
  command.add_option("REVISION", arguments->revisions, "The revisions to merge: heads, or two or more revisions")
      ->required();
  command.add_option("-m,--message", arguments->file.message, "What the merge is for, in a few words [Merge A and B]")
      ->type_name("MESSAGE");
  arguments->file.add_to(command);
  return [arguments](Context& context) {
    NewFile& file = arguments->file;
    const Graph graph = graph_to_extend(context);
    const Splice splice = file.splice ? Splice::allowed : Splice::refused;
    const std::vector<RevisionId> parents = parents_of_merge(graph, arguments->revisions, splice);
    if (file.message.empty()) file.message = message_for(parents);
    write_file(context, graph, file, parents);
    return ExitCode::success;
  };
}

}  // namespace

const Command merge_command{
    .name = "merge",
    .summary = "Create a revision that merges several others",
    .details =
        "The new revision has no statements unless you write some. Prints the path of the new file.\n\n"
        "Example: slipway merge heads -m 'One line again'",
    .define = define_merge,
};

}  // namespace slipway
