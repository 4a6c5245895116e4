#include "verify/id_room.h"

#include <string>

#include "revision/id_rules.h"

namespace slipway {
namespace {

bool has_room(const RevisionId& id, const LedgerState& ledger) {
  return !ledger.id_limit || id.str().size() <= *ledger.id_limit;
}

}  // namespace

std::vector<const Revision*> without_room(const Graph& graph, const LedgerState& ledger) {
  std::vector<const Revision*> found;
  for (const Revision& revision : graph)
    if (!has_room(revision.id, ledger)) found.push_back(&revision);
  return found;
}

Error no_room_for_id(const Revision& revision, const LedgerState& ledger) {
  const std::string table = ledger.schema + "." + ledger.version_table;
  return {ExitCode::bad_migrations,
          revision.location.str() + ": the revision id '" + revision.id.str() + "' is " +
              std::to_string(revision.id.str().size()) + " characters long, and the version table " + table +
              " holds " + std::to_string(ledger.id_limit.value_or(longest_revision_id)),
          "widen its column: ALTER TABLE " + table + " ALTER COLUMN version_num TYPE varchar(" +
              std::to_string(longest_revision_id) + ")"};
}

void require_room_for_ids(const Graph& graph, const LedgerState& ledger, const Heads& heads) {
  for (const RevisionId& id : heads)
    if (!has_room(id, ledger) && graph.contains(id)) throw no_room_for_id(graph.at(id), ledger);
}

}  // namespace slipway
