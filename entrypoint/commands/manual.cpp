#include <iostream>
#include <memory>
#include <string>

#include <CLI/App.hpp>

#include "commands/command.h"
#include "error/error.h"
#include "reference.h"

namespace slipway {

Action define_manual(CLI::App& command) {
  auto page = std::make_shared<std::string>("slipway");
  command.add_option("PAGE", *page, "slipway, the default, or slipway-init");
  return [page](Context&) {
    if (*page == "slipway")
      std::cout << slipway_page(reference());
    else if (*page == "slipway-init")
      std::cout << init_page();
    else
      throw Error{ExitCode::usage, "there is no page '" + *page + "'", "choose slipway or slipway-init"};
    return ExitCode::success;
  };
}

Action define_completion(CLI::App& command) {
  auto shell = std::make_shared<std::string>();
  command.add_option("SHELL", *shell, "bash, zsh or fish")->required();
  return [shell](Context&) {
    const std::string script = completion(reference(), *shell);
    if (script.empty())
      throw Error{ExitCode::usage, "there is no completion for '" + *shell + "'", "choose bash, zsh or fish"};
    std::cout << script;
    return ExitCode::success;
  };
}

}  // namespace slipway
