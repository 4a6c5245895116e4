#include <map>

#include <nlohmann/json.hpp>

#include "graph/branch_labels.h"
#include "history_page.html.h"
#include "report/drawing.h"
#include "report/history_picture.h"
#include "report/words.h"

namespace slipway {
namespace {

using Json = nlohmann::ordered_json;

std::map<RevisionId, Json> events_by_revision(const std::optional<AppliedHistory>& applied) {
  std::map<RevisionId, Json> lists;
  if (!applied) return lists;
  for (const JournalEvent& event : applied->events)
    lists[event.revision].push_back({{"action", word(event.action)},
                                     {"state", word(event.state)},
                                     {"at", event.finished_at.empty() ? event.started_at : event.finished_at},
                                     {"ms", event.duration_ms},
                                     {"role", event.role},
                                     {"host", event.host}});
  return lists;
}

Json data_of(const Graph& graph, std::span<const Position> listed, const std::optional<AppliedHistory>& applied) {
  const BranchLabels labels{graph};
  const std::vector<DrawnRow> drawn = draw(graph, listed, Drawn::dependencies_too);
  std::vector<std::size_t> row_of(graph.size());
  for (std::size_t row = 0; row < drawn.size(); ++row)
    row_of[drawn[row].revision] = row;
  std::map<RevisionId, Json> events = events_by_revision(applied);
  const std::optional<RevisionSet> done = applied ? std::optional{graph.applied(applied->ledger.heads)} : std::nullopt;

  Json rows = Json::array();
  for (const DrawnRow& row : drawn) {
    const Position p = row.revision;
    const Revision& revision = graph[p];
    Json edges = Json::array();
    for (const DrawnEdge& edge : row.edges)
      edges.push_back({{"row", row_of[edge.to]}, {"lane", edge.lane}, {"dependency", edge.is_dependency}});
    Json entry{{"id", revision.id.str()},
               {"message", revision.message},
               {"file", revision.location.file.string()},
               {"created", revision.created},
               {"revises", ids(graph.parents(revision.id))},
               {"depends_on", ids(graph.dependencies(revision.id))},
               {"labels", revision.branch_labels},
               {"branches", labels.of(p)},
               {"head", graph.is_real_head(p)},
               {"lane", row.lane},
               {"edges", edges},
               {"up", revision.upgrade.sql},
               {"down", revision.downgrade ? Json(revision.downgrade->sql) : Json(nullptr)}};
    if (applied) {
      entry["current"] = applied->ledger.heads.contains(revision.id);
      entry["applied"] = done->contains(p);
      const auto found = events.find(revision.id);
      entry["events"] = found == events.end() ? Json::array() : found->second;
    }
    rows.push_back(std::move(entry));
  }
  return {{"database", applied ? Json(applied->ledger.database) : Json(nullptr)}, {"rows", rows}};
}

// Escapes `<`, so that a script in the data can't end the HTML element that contains it. In JSON, `<` occurs only in
// strings.
std::string for_html(const Json& data) {
  std::string text = data.dump();
  for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at))
    text.replace(at, 1, "\\u003c");
  return text;
}

}  // namespace

std::string history_as_page(const Graph& graph, std::span<const Position> listed,
                            const std::optional<AppliedHistory>& applied) {
  constexpr std::string_view place = "%DATA%";
  std::string page{history_page};
  return page.replace(page.find(place), place.size(), for_html(data_of(graph, listed, applied)));
}

}  // namespace slipway
