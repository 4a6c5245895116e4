#include <array>
#include <cerrno>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <CLI/App.hpp>
#include <signal.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/named_revisions.h"
#include "error/error.h"

namespace slipway {
namespace {

// As git, crontab and their like choose it.
std::string editor(const Environment& environment) {
  for (const char* name : {"VISUAL", "EDITOR"})
    if (const auto value = environment.get(name); value && !value->empty()) return std::string{*value};
  throw Error{ExitCode::bad_configuration, "neither VISUAL nor EDITOR is set",
              "for example: EDITOR=vi slipway edit head"};
}

}  // namespace

Action define_edit(CLI::App& command) {
  auto selectors = std::make_shared<std::vector<std::string>>();
  command.add_option("REVISION", *selectors, "Which; several may be named")->required();
  return [selectors](Context& context) -> ExitCode {
    // An editor may be a command line of its own, such as `code --wait`: the shell takes it apart.
    std::vector<std::string> words{"sh", "-c", editor(context.environment()) + " \"$@\"", "sh"};
    for (const Position p : named_revisions(context, *selectors))
      words.push_back(context.graph()[p].location.file.string());
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words)
      arguments.push_back(word.data());
    arguments.push_back(nullptr);
    // `current` has asked the database, with the stop signals kept back.
    ::pthread_sigmask(SIG_SETMASK, &context.signals().inherited_mask(), nullptr);
    ::execv("/bin/sh", arguments.data());
    throw Error{ExitCode::not_executable, "/bin/sh: " + std::system_category().message(errno)};
  };
}

}  // namespace slipway
