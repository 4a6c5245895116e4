#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include <CLI/App.hpp>
#include <nlohmann/json.hpp>

#include "commands/command.h"
#include "error/error.h"
#include "revision/folder.h"
#include "revision/new_revision.h"

namespace slipway {

Action define_create(CLI::App& command) {
  auto message = std::make_shared<std::string>();
  command.add_option("MESSAGE", *message, "What it does, in a few words")->required();
  return [message](Context& context) {
    const std::vector<std::filesystem::path> folders = context.migrations_folders();
    const std::filesystem::path& folder = folders.front();
    std::vector<Revision> existing;
    if (std::filesystem::exists(folder)) existing = read_folder(folders);
    const Heads heads = Graph::link(existing).heads();
    if (heads.size() > 1)
      throw Error{ExitCode::bad_migrations, "there are several heads: " + heads.str(),
                  "make one of them revise another, or write a revision that revises them all"};
    const std::filesystem::path file =
        write_new_revision(folder, existing, {.message = *message, .parents = {heads.begin(), heads.end()}});
    if (context.settings().format == ResultFormat::json)
      std::cout << nlohmann::ordered_json{{"file", file.string()}}.dump(2) << "\n";
    else
      std::cout << file.string() << "\n";
    return ExitCode::success;
  };
}

}  // namespace slipway
