#include "version.h"

#include <iostream>

#include <CLI/App.hpp>
#include <nlohmann/json.hpp>

#include "command.h"

namespace slipway {
namespace {

Action define_version(CLI::App&) {
  return [](Context& context) {
    if (context.settings().output.format == ResultFormat::json)
      std::cout << nlohmann::ordered_json{{"version", version}}.dump(2) << "\n";
    else
      std::cout << "slipway " << version << "\n";
    return ExitCode::success;
  };
}

}  // namespace

const Command version_command{
    .name = "version",
    .summary = "Show the version",
    .details = "Example: slipway version",
    .define = define_version,
};

}  // namespace slipway
