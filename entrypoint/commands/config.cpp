#include <iostream>

#include <CLI/App.hpp>

#include "commands/command.h"
#include "settings/effective.h"

namespace slipway {

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

}  // namespace slipway
