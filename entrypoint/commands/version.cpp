#include "version.h"

#include <iostream>

#include <CLI/App.hpp>
#include <nlohmann/json.hpp>

#include "commands/command.h"

namespace slipway {

Action define_version(CLI::App&) {
  return [](Context& context) {
    if (context.settings().output.format == ResultFormat::json)
      std::cout << nlohmann::ordered_json{{"version", version}}.dump(2) << "\n";
    else
      std::cout << "slipway " << version << "\n";
    return ExitCode::success;
  };
}

}  // namespace slipway
