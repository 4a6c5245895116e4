#include <iostream>
#include <memory>
#include <optional>

#include <CLI/App.hpp>

#include "commands/command.h"
#include "commands/read_ledger.h"
#include "report/history_report.h"

namespace slipway {

Action define_history(CLI::App& command) {
  auto indicate_current = std::make_shared<bool>(false);
  command.add_flag("-i,--indicate-current", *indicate_current, "Mark the database's revision");
  return [indicate_current](Context& context) {
    const Graph& graph = context.graph();
    const std::optional<Heads> current = *indicate_current ? std::optional{read_ledger(context).heads} : std::nullopt;
    if (context.settings().format == ResultFormat::json)
      std::cout << history_as_json(graph, current).dump(2) << "\n";
    else
      std::cout << history_as_text(graph, current);
    return ExitCode::success;
  };
}

}  // namespace slipway
