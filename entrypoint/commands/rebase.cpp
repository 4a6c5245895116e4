#include <memory>
#include <string>

#include <CLI/App.hpp>
#include <nlohmann/json.hpp>

#include "command.h"
#include "error/error.h"
#include "graph/placement.h"
#include "log/log.h"
#include "print_result.h"
#include "read_ledger.h"
#include "report/words.h"
#include "revision/rewrite.h"
#include "verify/ledger_place.h"
#include "with_session.h"

namespace slipway {
namespace {

std::string listed(const std::vector<RevisionId>& parents) {
  return Heads{parents}.str();
}

// An applied revision has run after its old parents, and no edit can change that.
void require_not_applied(Context& context, const RevisionId& id) {
  const LedgerState ledger = read_ledger(context);
  require_no_ledger_elsewhere(context.graph(), ledger);
  if (!context.graph().applied(ledger.heads).contains(id) && !ledger.journal.applied.contains(id)) return;
  throw Error{ExitCode::bad_migrations,
              "revision " + id.str() + " was applied to database '" + ledger.database +
                  "', so its parent can't be changed any more",
              "downgrade it first, or write a merge: slipway merge heads"};
}

Action define_rebase(CLI::App& command) {
  struct Arguments {
    std::string revision;
    std::string onto;
    bool dry_run = false;
    bool offline = false;
  };
  auto arguments = std::make_shared<Arguments>();
  command
      .add_option("REVISION", arguments->revision,
                  "The revision whose file is changed; revisions that build on it follow it")
      ->required();
  command.add_option("--onto", arguments->onto, "The new parent")->type_name("TARGET")->required();
  command.add_flag("--dry-run", arguments->dry_run, "Print what would change, and change nothing");
  command.add_flag("--offline", arguments->offline, "Do not check whether the database has applied it");
  return [arguments](Context& context) {
    const Graph& graph = context.graph();
    const RevisionId id = one_revision(graph, arguments->revision);
    const std::vector<RevisionId> before = graph.parents(id);
    const std::vector<RevisionId> after = parents_after_rebase(graph, id, arguments->onto);
    const bool changes = before != after;
    if (changes && !arguments->offline && context.has_database()) require_not_applied(context, id);
    const std::string file = graph.at(id).location.file.string();
    if (changes && !arguments->dry_run) rewrite_revises(graph.at(id), after);
    print_result(
        context,
        [&] {
          return changes ? file + ": " + id.str() + (arguments->dry_run ? " would revise " : " revises ") +
                               listed(after) + " instead of " + listed(before) + "\n"
                         : "";
        },
        [&] {
          return nlohmann::ordered_json{{"revision", id.str()},
                                        {"file", file},
                                        {"before", ids(before)},
                                        {"after", ids(after)},
                                        {"changed", changes && !arguments->dry_run}};
        });
    if (!changes) log::info("plan.empty", "nothing to do: " + id.str() + " revises " + listed(before) + " already");
    return ExitCode::success;
  };
}

}  // namespace

const Command rebase_command{
    .name = "rebase",
    .summary = "Change a revision's parent",
    .details =
        "Use it if two revisions were written on the same parent. It changes the line `revises` in the file of\n"
        "one, so that this revision comes after the other. It is refused if the revision has been applied to\n"
        "the configured database.\n\n"
        "Example: slipway rebase 003a --onto 003b --dry-run",
    .define = define_rebase,
};

}  // namespace slipway
