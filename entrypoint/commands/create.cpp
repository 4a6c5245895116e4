#include <memory>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "command.h"
#include "error/error.h"
#include "graph/placement.h"
#include "new_file.h"

namespace slipway {
namespace {

Action define_create(CLI::App& command) {
  struct Arguments {
    NewFile file;
    std::string message;
    std::vector<std::string> heads;
  };
  auto arguments = std::make_shared<Arguments>();
  command.add_option("MESSAGE", arguments->message, "What the revision does, in a few words");
  command.add_option("-m,--message", arguments->file.message, "The same, as an option")->type_name("MESSAGE");
  command.add_option("--head", arguments->heads, "The parent: a head, BRANCH@head, or base for a new line [head]")
      ->type_name("REVISION")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command
      .add_option("--depends-on", arguments->file.depends_on,
                  "A revision on another branch that has to be applied first")
      ->type_name("REVISION")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  arguments->file.add_to(command);
  return [arguments](Context& context) {
    NewFile& file = arguments->file;
    if (arguments->message.empty() == file.message.empty())
      throw Error{ExitCode::usage, file.message.empty() ? "MESSAGE is required" : "two messages were given",
                  "for example: slipway create 'add invoices'"};
    if (file.message.empty()) file.message = arguments->message;
    const Graph graph = graph_to_extend(context);
    const Splice splice = file.splice ? Splice::allowed : Splice::refused;
    write_file(context, graph, file, parents_of_new(graph, arguments->heads, splice));
    return ExitCode::success;
  };
}

}  // namespace

const Command create_command{
    .name = "create",
    .summary = "Create the file of a new revision",
    .details =
        "The id continues the ids of the folder: a sequence, timestamps or hexadecimal digits. Prints the path\n"
        "of the new file. Never overwrites a file. `slipway revision` is the same command.\n\n"
        "Example: $EDITOR \"$(slipway create 'add invoices')\"\n"
        "         slipway revision -m 'create invoices' --head base --branch-label billing",
    .define = define_create,
    .alias = "revision",
};

}  // namespace slipway
