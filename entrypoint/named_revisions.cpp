#include "named_revisions.h"

#include <algorithm>

#include "error/error.h"
#include "graph/selector.h"
#include "graph/target.h"
#include "read_ledger.h"
#include "verify/ledger_place.h"

namespace slipway {
namespace {

std::vector<Position> current_rows(Context& context) {
  const Graph& graph = context.graph();
  const LedgerState ledger = read_ledger(context);
  warn_of_ledger_elsewhere(graph, ledger);
  const Heads& rows = ledger.heads;
  require_known(graph, rows);
  std::vector<Position> positions;
  positions.reserve(rows.size());
  for (const RevisionId& id : rows)
    positions.push_back(*graph.position(id));
  return positions;
}

}  // namespace

std::vector<Position> named_revisions(Context& context, const std::vector<std::string>& selectors) {
  std::vector<Position> named;
  for (const std::string& text : selectors) {
    const std::vector<Position> found =
        text == "current" ? current_rows(context) : resolve_revisions(context.graph(), Selector::parse(text));
    if (found.empty())
      throw Error{ExitCode::usage, "'" + text + "' names no revision", "`slipway history` lists the revisions"};
    std::ranges::copy_if(found, std::back_inserter(named),
                         [&](Position p) { return std::ranges::find(named, p) == named.end(); });
  }
  return named;
}

}  // namespace slipway
