#include <iostream>

#include <CLI/App.hpp>

#include "command.h"
#include "settings/effective.h"

namespace slipway {
namespace {

Action define_config(CLI::App&) {
  return [](Context& context) {
    const ResolvedSettings& resolved = context.resolved();
    if (resolved.settings.output.format == ResultFormat::json)
      std::cout << as_json(resolved.effective).dump(2) << "\n";
    else
      std::cout << as_text(resolved.effective);
    return ExitCode::success;
  };
}

}  // namespace

const Command config_command{
    .name = "config",
    .summary = "Show the settings and where each comes from",
    .details =
        "Secrets are masked.\n\n"
        "Example: slipway config",
    .define = define_config,
};

}  // namespace slipway
