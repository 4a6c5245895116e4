#include "report/check_report.h"

#include "report/words.h"

namespace slipway {

std::string as_text(std::span<const Finding> findings) {
  std::string text;
  for (const Finding& finding : findings)
    text += finding.sentence + "\n";
  return text;
}

nlohmann::ordered_json as_json(const Graph& graph, const std::optional<LedgerState>& ledger,
                               std::span<const Finding> findings) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Finding& finding : findings)
    list.push_back(
        {{"kind", word(finding.kind)}, {"revisions", ids(finding.revisions)}, {"message", finding.sentence}});
  return {{"ok", findings.empty()},
          {"revisions", graph.size()},
          {"heads", ids(graph.heads())},
          {"database", ledger ? nlohmann::ordered_json(ledger->database) : nlohmann::ordered_json(nullptr)},
          {"findings", list}};
}

}  // namespace slipway
