#include "report/revision_report.h"

#include "graph/branch_labels.h"
#include "graph/selector.h"
#include "report/lines.h"
#include "report/words.h"

namespace slipway {
namespace {

std::vector<Position> branch_points(const Graph& graph) {
  std::vector<Position> points;
  for (auto p = static_cast<Position>(graph.size()); p-- > 0;)
    if (graph.is_branch_point(p)) points.push_back(p);
  return points;
}

std::vector<Position> current_tips(const Graph& graph, const Heads& current) {
  return branch_tips(graph, graph.applied(current));
}

class RevisionJson {
 public:
  RevisionJson(const Graph& graph, const std::optional<Heads>& current)
      : graph_{graph},
        labels_{graph},
        current_{current},
        applied_{current ? std::optional{graph.applied(*current)} : std::nullopt} {}

  nlohmann::ordered_json of(Position p) const {
    const Revision& revision = graph_[p];
    nlohmann::ordered_json entry{{"revision", revision.id.str()},
                                 {"revises", ids(graph_.parents(revision.id))},
                                 {"depends_on", ids(graph_.dependencies(revision.id))},
                                 {"branch_labels", revision.branch_labels},
                                 {"branches", labels_.of(p)},
                                 {"message", revision.message},
                                 {"created", revision.created},
                                 {"file", revision.location.file.string()},
                                 {"head", graph_.is_real_head(p)},
                                 {"branch_point", graph_.is_branch_point(p)},
                                 {"merge", graph_.is_merge(p)}};
    if (current_) {
      entry["current"] = current_->contains(revision.id);
      entry["applied"] = applied_->contains(p);
    }
    return entry;
  }

 private:
  const Graph& graph_;
  BranchLabels labels_;
  const std::optional<Heads>& current_;
  std::optional<RevisionSet> applied_;
};

}  // namespace

std::string history_as_text(const Graph& graph, std::span<const Position> listed, const Heads& current, Detail detail) {
  const RevisionLines lines{graph, current};
  std::string text;
  for (std::size_t i = listed.size(); i-- > 0;)
    text += (detail == Detail::blocks ? lines.block(listed[i]) : lines.history(listed[i])) + "\n";
  return text;
}

std::string heads_as_text(const Graph& graph, std::span<const Position> listed, Detail detail) {
  const RevisionLines lines{graph, {}};
  std::string text;
  for (const Position p : listed)
    text += (detail == Detail::blocks ? lines.block(p) : lines.head(p)) + "\n";
  return text;
}

std::string branches_as_text(const Graph& graph, Detail detail) {
  const RevisionLines lines{graph, {}};
  std::string text;
  for (const Position p : branch_points(graph))
    text += (detail == Detail::blocks ? lines.branches_in_full(p) : lines.branches(p)) + "\n";
  return text;
}

std::string show_as_text(const Graph& graph, std::span<const Position> listed, const Heads& current) {
  const RevisionLines lines{graph, current};
  std::string text;
  for (const Position p : listed)
    text += lines.block(p) + "\n";
  return text;
}

std::string current_as_text(const Graph& graph, const Heads& current, Detail detail) {
  const RevisionLines lines{graph, {}};
  std::string text;
  for (const Position p : current_tips(graph, current))
    text += (detail == Detail::blocks ? lines.block(p) : lines.current(p)) + "\n";
  for (const RevisionId& id : graph.unknown(current))
    text += id.str() + " (unknown)\n";
  return text;
}

nlohmann::ordered_json revisions_as_json(const Graph& graph, std::span<const Position> listed,
                                         const std::optional<Heads>& current) {
  const RevisionJson json{graph, current};
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Position p : listed)
    list.push_back(json.of(p));
  return list;
}

nlohmann::ordered_json branches_as_json(const Graph& graph) {
  const std::optional<Heads> not_asked;
  const RevisionJson json{graph, not_asked};
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Position p : branch_points(graph)) {
    nlohmann::ordered_json entry = json.of(p);
    entry["branches_into"] = ids(graph.children(graph[p].id));
    list.push_back(std::move(entry));
  }
  return list;
}

nlohmann::ordered_json current_as_json(const Graph& graph, const LedgerState& ledger) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const RevisionId& id : ledger.heads) {
    const auto position = graph.position(id);
    rows.push_back(
        {{"revision", id.str()}, {"head", position && graph.is_real_head(*position)}, {"known", position.has_value()}});
  }
  nlohmann::ordered_json tips = nlohmann::ordered_json::array();
  for (const Position p : current_tips(graph, ledger.heads))
    tips.push_back(graph[p].id.str());
  const std::size_t pending = graph.size() - graph.applied(ledger.heads).size();
  return {{"database", ledger.database},
          {"current", rows},
          {"tips", tips},
          {"pending", pending},
          {"at_heads", pending == 0 && graph.unknown(ledger.heads).empty()}};
}

}  // namespace slipway
