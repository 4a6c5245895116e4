#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <CLI/App.hpp>
#include <signal.h>
#include <unistd.h>

#include "command.h"
#include "error/error.h"
#include "named_revisions.h"

namespace slipway {
namespace {

struct Editor {
  std::string variable;
  std::string command_line;  // may be one with arguments, such as `code --wait`
};

// As git, crontab and their like choose it.
Editor editor(const Environment& environment) {
  for (const char* name : {"VISUAL", "EDITOR"})
    if (const auto value = environment.get(name); value && !value->empty()) return {name, std::string{*value}};
  throw Error{ExitCode::bad_configuration, "neither VISUAL nor EDITOR is set",
              "for example: EDITOR=vi slipway edit head"};
}

// A shell splits the editor's command line. A missing program is reported before that, so that the message can name the
// variable. A first word that needs the shell's quoting is left to the shell.
std::vector<std::string> shell_words(const Editor& editor) {
  const std::string program = editor.command_line.substr(0, editor.command_line.find_first_of(" \t\n"));
  const bool is_plain = !program.empty() && std::ranges::all_of(program, [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view{"/._+-"}.find(static_cast<char>(c)) != std::string_view::npos;
  });
  const std::string complaint =
      "slipway: " + editor.variable + " names the program '" + program + "', which was not found";
  const std::string script = R"(test -z "$1" || command -v "$1" > /dev/null || { printf '%s\n' "$2" >&2; exit 127; })"
                             "\nshift 2\n" +
                             editor.command_line + " \"$@\"";
  return {"sh", "-c", script, "sh", is_plain ? program : "", complaint};
}

Action define_edit(CLI::App& command) {
  auto selectors = std::make_shared<std::vector<std::string>>();
  command.add_option("REVISION", *selectors, "The revisions to edit")->required();
  return [selectors](Context& context) -> ExitCode {
    std::vector<std::string> words = shell_words(editor(context.environment()));
    for (const Position p : named_revisions(context, *selectors))
      words.push_back(context.graph()[p].location.file.string());
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words)
      arguments.push_back(word.data());
    arguments.push_back(nullptr);
    // `current` asks the database, and blocks the stop signals for that.
    ::pthread_sigmask(SIG_SETMASK, &context.signals().inherited_mask(), nullptr);
    ::execv("/bin/sh", arguments.data());
    throw Error{ExitCode::not_executable, "/bin/sh: " + std::system_category().message(errno)};
  };
}

}  // namespace

const Command edit_command{
    .name = "edit",
    .summary = "Open the file of a revision in your editor",
    .details =
        "VISUAL or EDITOR names the editor.\n\n"
        "Example: slipway edit head",
    .define = define_edit,
};

}  // namespace slipway
