#include "verify/findings.h"

#include "revision/checksum.h"
#include "sql/statement.h"

namespace slipway {

Edit edit_of(const Revision& revision, const JournalEntry& entry) {
  if (!entry.byte_checksum || !entry.token_checksum) return Edit::none;
  if (bytes_checksum(revision.upgrade) == *entry.byte_checksum) return Edit::none;
  return token_checksum(revision.upgrade) == *entry.token_checksum ? Edit::layout : Edit::statements;
}

std::string describe_edit(const Revision& revision, const JournalEntry& entry) {
  const auto count = static_cast<int>(statement_count(revision.upgrade));
  if (count != entry.statements)
    return "it has " + std::to_string(count) + (count == 1 ? " statement" : " statements") + " now, but had " +
           std::to_string(entry.statements) + " when it ran";
  return "one of its statements was changed";
}

Findings verify(const Graph& graph, const LedgerState& ledger) {
  Findings findings{
      .unknown = graph.unknown(ledger.heads), .edited = {}, .reformatted = {}, .out_of_order = {}, .unjournalled = {}};
  const RevisionSet applied = graph.applied(ledger.heads);
  const auto& journalled = ledger.journal.applied;

  // From the top down: whether a revision that builds on it is in the journal.
  std::vector<bool> journalled_above(graph.size(), false);
  for (auto position = static_cast<Position>(graph.size()); position-- > 0;) {
    for (const Position above : graph.above(position))
      if (journalled_above[above] || (applied.contains(above) && journalled.contains(graph[above].id)))
        journalled_above[position] = true;
  }

  for (const Position position : applied.positions()) {
    const Revision& revision = graph[position];
    const auto entry = journalled.find(revision.id);
    if (entry == journalled.end()) {
      (journalled_above[position] ? findings.out_of_order : findings.unjournalled).push_back(&revision);
      continue;
    }
    const Edit edit = edit_of(revision, entry->second);
    if (edit == Edit::statements) findings.edited.push_back(&revision);
    if (edit == Edit::layout) findings.reformatted.push_back(&revision);
  }
  return findings;
}

}  // namespace slipway
