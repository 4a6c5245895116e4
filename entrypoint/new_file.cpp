#include "new_file.h"

#include <algorithm>
#include <filesystem>

#include <CLI/App.hpp>
#include <nlohmann/json.hpp>

#include "base/nearest.h"
#include "base/text.h"
#include "error/error.h"
#include "graph/placement.h"
#include "print_result.h"
#include "revision/folder.h"
#include "revision/new_revision.h"

namespace slipway {
namespace {

namespace fs = std::filesystem;

bool is_same(const fs::path& a, const fs::path& b) {
  std::error_code ignored;
  return fs::equivalent(a, b, ignored) || fs::weakly_canonical(a, ignored) == fs::weakly_canonical(b, ignored);
}

fs::path folder_for(Context& context, const Graph& graph, const NewFile& file, const std::vector<RevisionId>& parents) {
  const std::vector<fs::path> folders = context.migrations_folders();
  if (file.location.empty()) {
    if (!parents.empty()) return graph.at(parents.front()).location.file.parent_path();
    if (folders.size() == 1) return folders.front();
  }
  std::vector<std::string> names;
  names.reserve(folders.size());
  for (const fs::path& folder : folders)
    names.push_back(folder.string());
  if (file.location.empty())
    throw Error{ExitCode::usage, "there are several folders for a new base: " + join(names),
                "choose one with --location"};
  const auto folder =
      std::ranges::find_if(folders, [&](const fs::path& known) { return is_same(known, file.location); });
  if (folder != folders.end()) return *folder;
  const std::string near = did_you_mean(file.location, names);
  throw Error{ExitCode::usage, "'" + file.location + "' is not one of the migrations folders: " + join(names),
              near.empty() ? "name one of them, or add it with --migrations" : near};
}

}  // namespace

void NewFile::add_to(CLI::App& command) {
  command.add_option("--rev-id", id, "The id, instead of one that continues the ids of the folder")->type_name("ID");
  command.add_option("--location", location, "The migrations folder for the new file")->type_name("FOLDER");
  command.add_option("--branch-label", branch_labels, "A label for the branch that begins with this revision")
      ->type_name("LABEL")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_flag("--splice", splice, "Allow a parent that is not a head, which makes a new branch");
}

Graph graph_to_extend(Context& context) {
  std::vector<fs::path> folders = context.migrations_folders();
  std::erase_if(folders, [](const fs::path& folder) { return !fs::exists(folder); });
  return Graph::link(read_folder(folders));
}

void write_file(Context& context, const Graph& graph, const NewFile& file, const std::vector<RevisionId>& parents) {
  if (!file.id.empty()) require_unused(graph, file.id);
  for (const std::string& label : file.branch_labels)
    require_unused(graph, label);
  const fs::path folder = folder_for(context, graph, file, parents);
  const std::vector<Revision> existing{graph.begin(), graph.end()};
  const fs::path written = write_new_revision(folder, existing,
                                              {.message = file.message,
                                               .parents = parents,
                                               .depends_on = dependencies_of_new(graph, file.depends_on),
                                               .branch_labels = file.branch_labels,
                                               .id = file.id.empty() ? std::nullopt : std::optional{file.id}});
  print_result(
      context, [&] { return written.string() + "\n"; },
      [&] {
        return nlohmann::ordered_json{{"file", written.string()}};
      });
}

}  // namespace slipway
