#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <string>

#include <CLI/App.hpp>

#include "command.h"
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

Choices choices_of_manual() {
  Choices choices{};
  for (const Page& page : pages)
    choices.words.push_back(page.name);
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

}  // namespace

const Command manual_command{
    .name = "manual",
    .summary = "Print a man page",
    .details = "Example: slipway manual | man -l -",
    .define = define_manual,
    .choices = choices_of_manual,
};

}  // namespace slipway
