#include "report/history_report.h"

#include <algorithm>

#include "report/words.h"

namespace slipway {
namespace {

std::string joined(const std::vector<RevisionId>& ids) {
  std::string text;
  for (const RevisionId& id : ids)
    text += (text.empty() ? "" : ", ") + id.str();
  return text;
}

std::string joined(std::vector<std::string> words) {
  std::ranges::sort(words);
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string line(const Graph& graph, Position position, const std::optional<Heads>& current) {
  const Revision& revision = graph[position];
  const std::vector<RevisionId> parents = graph.parents(revision.id);
  const std::vector<RevisionId> dependencies = graph.dependencies(revision.id);
  std::string text = parents.empty() ? "<base>" : joined(parents);
  if (!dependencies.empty()) text += " (" + joined(dependencies) + ")";
  text += " -> " + revision.id.str();
  if (!revision.branch_labels.empty()) text += " (" + joined(revision.branch_labels) + ")";
  if (graph.is_real_head(position))
    text += " (head)";
  else if (graph.is_head(position))
    text += " (effective head)";
  if (current && current->contains(revision.id)) text += " (current)";
  if (graph.is_branch_point(position)) text += " (branchpoint)";
  if (graph.is_merge(position)) text += " (mergepoint)";
  return text + ", " + revision.message + "\n";
}

nlohmann::ordered_json strings(const std::vector<RevisionId>& ids) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const RevisionId& id : ids)
    list.push_back(id.str());
  return list;
}

}  // namespace

std::string current_as_text(const Graph& graph, const Heads& current) {
  std::string text;
  for (const RevisionId& id : current) {
    const auto position = graph.position(id);
    text += id.str();
    if (!position)
      text += " (unknown)";
    else if (graph.is_real_head(*position))
      text += " (head)";
    text += "\n";
  }
  return text;
}

nlohmann::ordered_json current_as_json(const Graph& graph, const LedgerState& ledger) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const RevisionId& id : ledger.heads) {
    const auto position = graph.position(id);
    rows.push_back(
        {{"revision", id.str()}, {"head", position && graph.is_real_head(*position)}, {"known", position.has_value()}});
  }
  return {
      {"database", ledger.database}, {"current", rows}, {"pending", graph.size() - graph.applied(ledger.heads).size()}};
}

std::string history_as_text(const Graph& graph, const std::optional<Heads>& current) {
  std::string text;
  for (auto position = static_cast<Position>(graph.size()); position-- > 0;)
    text += line(graph, position, current);
  return text;
}

nlohmann::ordered_json history_as_json(const Graph& graph, const std::optional<Heads>& current) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  const std::optional<RevisionSet> applied = current ? std::optional{graph.applied(*current)} : std::nullopt;
  for (auto position = static_cast<Position>(graph.size()); position-- > 0;) {
    const Revision& revision = graph[position];
    nlohmann::ordered_json entry{{"revision", revision.id.str()},
                                 {"revises", strings(graph.parents(revision.id))},
                                 {"depends_on", strings(graph.dependencies(revision.id))},
                                 {"branch_labels", revision.branch_labels},
                                 {"message", revision.message},
                                 {"file", revision.location.file.string()},
                                 {"head", graph.is_real_head(position)}};
    if (current) {
      entry["current"] = current->contains(revision.id);
      entry["applied"] = applied->contains(position);
    }
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace slipway
