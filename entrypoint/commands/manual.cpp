#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <string>

#include <CLI/App.hpp>

#include "commands/command.h"
#include "error/error.h"
#include "reference.h"

namespace slipway {
namespace {

struct Page {
  std::string_view name;
  std::string (*text)();
};

constexpr std::array pages{
    Page{"slipway", [] { return slipway_page(reference()); }},
    Page{"slipway-init", [] { return init_page(); }},
};

}  // namespace

Choices choices_of_manual() {
  Choices choices{};
  for (const Page& page : pages)
    choices.words.push_back(page.name);
  return choices;
}

Choices choices_of_completion() {
  Choices choices{};
  for (const Shell& shell : shells())
    choices.words.push_back(shell.name);
  return choices;
}

Action define_manual(CLI::App& command) {
  auto name = std::make_shared<std::string>(pages.front().name);
  command.add_option("PAGE", *name, "slipway (the default) or slipway-init");
  return [name](Context&) {
    const auto* const page = std::ranges::find(pages, *name, &Page::name);
    if (page == pages.end())
      throw Error{ExitCode::usage, "there is no man page '" + *name + "'", "choose slipway or slipway-init"};
    std::cout << page->text();
    return ExitCode::success;
  };
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

}  // namespace slipway
