#include <algorithm>
#include <iostream>
#include <memory>
#include <string>

#include <CLI/App.hpp>

#include "command.h"
#include "error/error.h"
#include "reference.h"

namespace slipway {
namespace {

Choices choices_of_completion() {
  Choices choices{};
  for (const Shell& shell : shells())
    choices.words.push_back(shell.name);
  return choices;
}

Action define_completion(CLI::App& command) {
  auto name = std::make_shared<std::string>();
  command.add_option("SHELL", *name, "bash, zsh or fish")->required();
  return [name](Context&) {
    const auto shell = std::ranges::find(shells(), *name, &Shell::name);
    if (shell == shells().end())
      throw Error{ExitCode::usage, "there is no completion for the shell '" + *name + "'", "choose bash, zsh or fish"};
    std::cout << shell->completion(reference());
    return ExitCode::success;
  };
}

}  // namespace

const Command completion_command{
    .name = "completion",
    .summary = "Print a completion script for a shell",
    .details =
        "Debian's package installs these scripts. Elsewhere, load the script when your shell starts.\n\n"
        "Example: source <(slipway completion bash)",
    .define = define_completion,
    .choices = choices_of_completion,
};

}  // namespace slipway
