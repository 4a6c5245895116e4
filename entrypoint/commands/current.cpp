#include <iostream>

#include <CLI/App.hpp>

#include "commands/command.h"
#include "commands/read_ledger.h"
#include "report/history_report.h"

namespace slipway {

Action define_current(CLI::App&) {
  return [](Context& context) {
    const LedgerState ledger = read_ledger(context);
    if (context.settings().format == ResultFormat::json)
      std::cout << current_as_json(context.graph(), ledger).dump(2) << "\n";
    else
      std::cout << current_as_text(context.graph(), ledger.heads);
    return ExitCode::success;
  };
}

}  // namespace slipway
