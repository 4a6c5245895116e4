#include "verify/at_heads.h"

#include "verify/ledger_place.h"

namespace slipway {

std::optional<std::string> not_at_heads(const Graph& graph, const LedgerState& ledger, AheadPolicy ahead) {
  if (const auto elsewhere = ledger_elsewhere(graph, ledger)) return elsewhere->message();
  const std::string where = "database '" + ledger.database + "' is at " + ledger.heads.str();
  if (!graph.unknown(ledger.heads).empty()) {
    if (ahead == AheadPolicy::allow) return std::nullopt;
    return where + ", which the migrations folder does not have";
  }
  const std::size_t pending = graph.size() - graph.applied(ledger.heads).size();
  if (pending != 0) return where + ", " + std::to_string(pending) + " behind " + graph.heads().str();
  // A script that failed without an effect does not matter. One that is running may be running right now.
  if (const auto& unfinished = ledger.journal.unfinished;
      unfinished && (graph.contains(unfinished->revision) || ahead == AheadPolicy::refuse) &&
      !(unfinished->state == JournalState::failed && has_done_nothing(*unfinished)))
    return where + ", and the " + std::string{word(unfinished->action)} + " of " + unfinished->revision.str() +
           " is not finished";
  return std::nullopt;
}

}  // namespace slipway
