#include "graph/alembic_case.h"

#include <algorithm>
#include <optional>

#include "graph/selector.h"

namespace slipway::test {
namespace {

std::string part_of(Chance& chance, const std::string& text) {
  return text.substr(0, chance.between(1, text.size()));
}

// Mostly where the command can go: above what is applied for an upgrade, in it for a downgrade.
std::string name(Chance& chance, const Case& c, const RevisionSet& applied, const RevisionSet* branch = nullptr) {
  const std::size_t kind = chance.below(100);
  if (kind < 2) return "nowhere";
  if (kind < 12)
    for (const Revision& labelled : c.revisions)
      if (!labelled.branch_labels.empty() && chance.percent(50))
        return chance.percent(80) ? labelled.branch_labels.front() : part_of(chance, labelled.branch_labels.front());
  std::string id;
  for (int tries = 0; tries < 20; ++tries) {
    const Revision& revision = chance.one_of(c.revisions);
    id = revision.id.str();
    if (kind < 30) break;
    if (branch != nullptr && !branch->contains(revision.id)) continue;
    if (applied.contains(revision.id) == (c.command == "downgrade")) break;
  }
  return chance.percent(10) ? part_of(chance, id) : id;
}

std::string selector(Chance& chance, const Case& c, const Graph& graph) {
  const RevisionSet applied = graph.applied(heads_of(c.rows));
  std::optional<RevisionSet> lineage;
  std::string text;
  if (chance.percent(35)) {
    std::vector<std::string> labels;
    for (const Revision& revision : c.revisions)
      labels.insert(labels.end(), revision.branch_labels.begin(), revision.branch_labels.end());
    text = labels.empty() || chance.percent(25) ? name(chance, c, applied) : chance.one_of(labels);
    if (const Graph::Name* branch = graph.name(text)) lineage = slipway::lineage(graph, branch->position);
    text += "@";
  }
  const auto symbol_or_name = [&]() -> std::string {
    const std::size_t kind = chance.below(100);
    if (kind < 10) return "head";
    if (kind < 20) return "heads";
    if (kind < 30) return "base";
    return name(chance, c, applied, lineage ? &*lineage : nullptr);
  };
  const auto steps = [&] {
    return (chance.percent(c.command == "upgrade" ? 85 : 15) ? "+" : "-") +
           std::to_string(chance.percent(60) ? 1 : chance.below(6));
  };
  const bool counts = c.command == "upgrade" || c.command == "downgrade" || chance.percent(20);
  switch (counts ? chance.below(4) : 2) {
    case 0:
      return text + steps();
    case 1:
      return text + symbol_or_name() + steps();
    default:
      return text + symbol_or_name();
  }
}

std::string range(Chance& chance, const Case& c, const Graph& graph) {
  const auto end = [&](const char* sign) -> std::string {
    const std::size_t kind = chance.below(100);
    if (kind < 20) return "";
    if (kind < 35) return "current";
    if (kind < 50) return sign + std::to_string(chance.below(5));
    return selector(chance, c, graph);
  };
  const std::string from = end("-");
  return from + ":" + end("+");
}

void break_something(Chance& chance, Case& c) {
  Revision& revision = c.revisions[chance.below(c.revisions.size())];
  const Revision& other = chance.one_of(c.revisions);
  switch (chance.below(6)) {
    case 0:
      revision.revises.emplace_back("missing1");
      break;
    case 1:
      revision.depends_on.emplace_back("missing1");
      break;
    case 2:
      revision.revises.push_back(revision.id.str());
      break;
    case 3:
      if (std::ranges::find(revision.revises, other.id.str()) == revision.revises.end())
        revision.revises.push_back(other.id.str());  // often a cycle
      break;
    case 4:
      revision.depends_on.push_back(other.id.str());  // often a cycle
      break;
    default:
      revision.branch_labels.push_back(other.branch_labels.empty() ? other.id.str() : other.branch_labels.front());
  }
}

}  // namespace

Heads heads_of(const std::vector<std::string>& texts) {
  std::vector<RevisionId> ids;
  ids.reserve(texts.size());
  for (const std::string& text : texts)
    ids.emplace_back(text);
  return Heads{std::move(ids)};
}

std::vector<std::string> texts(const Heads& heads) {
  std::vector<std::string> result;
  result.reserve(heads.size());
  for (const RevisionId& id : heads)
    result.push_back(id.str());
  return result;
}

void choose_selectors(Chance& chance, Case& c, const Graph& graph) {
  c.selectors = {c.command == "history" ? range(chance, c, graph) : selector(chance, c, graph)};
  if (c.command == "stamp" || c.command == "merge")
    while (chance.percent(30))
      c.selectors.push_back(selector(chance, c, graph));
}

Case random_case(Chance& chance) {
  Case c;
  c.revisions = test::random_revisions(chance, {.revisions = chance.between(1, chance.percent(50) ? 12 : 60),
                                                .bases = chance.below(20),
                                                .branches = chance.below(40),
                                                .merges = chance.below(30),
                                                .odd_merges = chance.percent(10) ? 5U : 0U,
                                                .dependencies = chance.percent(50) ? chance.below(40) : 0,
                                                .labels = chance.below(40)});
  const Graph graph = Graph::link(c.revisions);
  for (const RevisionId& id : test::random_heads(chance, graph))
    c.rows.push_back(id.str());
  if (chance.percent(3)) c.rows.push_back(chance.one_of(c.revisions).id.str());  // perhaps above or below another
  if (chance.percent(2)) c.rows.emplace_back("zzzzzzzz");                        // another project's
  std::ranges::sort(c.rows);
  c.rows.erase(std::unique(c.rows.begin(), c.rows.end()), c.rows.end());
  static const std::vector<std::string> commands{"upgrade", "upgrade", "upgrade", "downgrade", "downgrade", "downgrade",
                                                 "stamp",   "stamp",   "history", "history",   "merge",     "show"};
  c.command = chance.one_of(commands);
  choose_selectors(chance, c, graph);
  if (chance.percent(3)) break_something(chance, c);
  return c;
}

}  // namespace slipway::test
