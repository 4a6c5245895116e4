#include "graph/random_graph.h"

#include <algorithm>
#include <array>
#include <set>

namespace slipway::test {
namespace {

std::string hexadecimal(Chance& chance, std::size_t length) {
  std::string text;
  for (std::size_t i = 0; i < length; ++i)
    text += "0123456789abcdef"[chance.below(16)];
  return text;
}

// Alembic's twelve digits; four from two letters, so that many ids begin alike; or three, which no prefix names.
std::string some_id(Chance& chance, std::size_t style, std::size_t number) {
  switch (style) {
    case 0:
      return hexadecimal(chance, 12);
    case 1:
      return std::string{"ab"[chance.below(2)]} + "cd"[chance.below(2)] + hexadecimal(chance, chance.between(2, 4));
    default:
      return std::string(number < 10 ? 2 : number < 100 ? 1 : 0, '0') + std::to_string(number);
  }
}

const std::array<std::string, 8> labels{"core", "billing", "reports", "bill", "ab", "plugin", "z.1", "search"};

Revision revision(std::string id) {
  const std::string file = "migrations/" + id + ".sql";
  return {.id = RevisionId{std::move(id)},
          .revises = {},
          .depends_on = {},
          .branch_labels = {},
          .message = {},
          .created = {},
          .location = {.file = file, .line = 1},
          .revises_line = 2,
          .upgrade = {},
          .downgrade = Script{}};
}

void shuffle(Chance& chance, std::vector<Revision>& revisions) {
  for (std::size_t i = revisions.size(); i > 1; --i)
    std::swap(revisions[i - 1], revisions[chance.below(i)]);
}

void add_new(std::vector<std::string>& list, const std::string& text) {
  if (std::ranges::find(list, text) == list.end()) list.push_back(text);
}

}  // namespace

std::vector<Revision> random_revisions(Chance& chance, const Shape& shape) {
  std::vector<Revision> made;
  std::vector<std::string> heads;
  std::set<std::string> ids;
  std::vector<std::string> free_labels{labels.begin(), labels.end()};
  std::vector<std::string> used_labels;
  const std::size_t style = shape.revisions > 100 ? 0 : chance.below(3);

  const auto any = [&] { return made[chance.below(made.size())].id.str(); };
  while (made.size() < shape.revisions) {
    std::string id = some_id(chance, style, made.size() + 1);
    if (!ids.insert(id).second) continue;
    Revision next = revision(std::move(id));
    if (!made.empty() && !chance.percent(shape.bases)) {
      if (chance.percent(shape.odd_merges)) {
        for (int i = 0; i < 2; ++i)
          add_new(next.revises, any());
      } else if (heads.size() > 1 && (heads.size() > shape.most_heads || chance.percent(shape.merges))) {
        for (std::size_t i = chance.between(2, 3); i > 0; --i)
          add_new(next.revises, chance.one_of(heads));
      } else {
        next.revises.push_back(chance.percent(shape.branches) ? any() : chance.one_of(heads));
      }
    }
    if (!made.empty() && chance.percent(shape.dependencies))
      for (std::size_t i = chance.between(1, 2); i > 0; --i)
        add_new(next.depends_on, !used_labels.empty() && chance.percent(25) ? chance.one_of(used_labels) : any());
    if (!free_labels.empty() && chance.percent(shape.labels)) {
      const std::size_t i = chance.below(free_labels.size());
      next.branch_labels.push_back(free_labels[i]);
      used_labels.push_back(free_labels[i]);
      free_labels.erase(free_labels.begin() + static_cast<std::ptrdiff_t>(i));
    }
    for (const std::string& parent : next.revises)
      std::erase(heads, parent);
    heads.push_back(next.id.str());
    made.push_back(std::move(next));
  }
  shuffle(chance, made);
  return made;
}

Heads random_heads(Chance& chance, const Graph& graph) {
  if (graph.empty() || chance.percent(10)) return {};
  if (chance.percent(20)) return graph.heads();
  std::vector<Position> some;
  for (std::size_t i = chance.between(1, 3); i > 0; --i)
    some.push_back(static_cast<Position>(chance.below(graph.size())));
  const RevisionSet applied = graph.ancestors(some, Edges::all);
  std::vector<RevisionId> rows;
  for (const Position p : applied.positions())
    if (std::ranges::none_of(graph.above(p), [&](Position upper) { return applied.contains(upper); }))
      rows.push_back(graph[p].id);
  return Heads{std::move(rows)};
}

}  // namespace slipway::test
