#include "graph/graph.h"

#include <algorithm>

#include "error/error.h"

namespace slipway {
namespace {

Position position_of(const Graph& graph, const RevisionId& id) {
  if (const std::optional<Position> position = graph.position(id)) return *position;
  throw Error{ExitCode::internal, "the graph was asked for revision " + id.str() + ", which it does not contain"};
}

}  // namespace

const Graph::Name* Graph::name(std::string_view text) const {
  const auto place = std::ranges::lower_bound(names_, text, {}, &Name::text);
  return place != names_.end() && place->text == text ? &*place : nullptr;
}

std::span<const Graph::Name> Graph::names_beginning(std::string_view prefix) const {
  const auto begin = std::ranges::lower_bound(names_, prefix, {}, &Name::text);
  const auto end = std::find_if(begin, names_.end(), [&](const Name& n) { return !n.text.starts_with(prefix); });
  return {begin, end};
}

std::optional<Position> Graph::position(const RevisionId& id) const {
  const Name* found = name(id.str());
  return found != nullptr && found->kind == Name::Kind::id ? std::optional{found->position} : std::nullopt;
}

const Revision* Graph::find(const RevisionId& id) const {
  const std::optional<Position> found = position(id);
  return found ? &revisions_[*found] : nullptr;
}

const Revision& Graph::at(const RevisionId& id) const {
  return revisions_[position_of(*this, id)];
}

std::vector<RevisionId> Graph::ids(std::span<const Position> positions) const {
  std::vector<RevisionId> ids;
  ids.reserve(positions.size());
  for (const Position position : positions)
    ids.push_back(revisions_[position].id);
  return ids;
}

std::vector<RevisionId> Graph::parents(const RevisionId& id) const {
  return ids(parents(position_of(*this, id)));
}
std::vector<RevisionId> Graph::dependencies(const RevisionId& id) const {
  return ids(dependencies(position_of(*this, id)));
}
std::vector<RevisionId> Graph::children(const RevisionId& id) const {
  return ids(children(position_of(*this, id)));
}
std::vector<RevisionId> Graph::dependents(const RevisionId& id) const {
  return ids(dependents(position_of(*this, id)));
}

Heads Graph::heads() const {
  std::vector<RevisionId> ids;
  for (Position p = 0; p < size(); ++p)
    if (is_real_head(p)) ids.push_back(revisions_[p].id);
  return Heads{std::move(ids)};
}

std::vector<Position> Graph::line_heads() const {
  std::vector<Position> found;
  for (Position p = 0; p < size(); ++p)
    if (is_head(p)) found.push_back(p);
  return found;
}

std::vector<Position> Graph::bases() const {
  std::vector<Position> found;
  for (Position p = 0; p < size(); ++p)
    if (is_base(p)) found.push_back(p);
  return found;
}

RevisionSet Graph::ancestors(std::span<const Position> of, Edges edges) const {
  RevisionSet set{*this};
  for (const Position p : of)
    set.insert(p);
  const Adjacency& down = edges == Edges::all ? below_ : parents_;
  // From the top: when a revision is reached, everything above it has been visited.
  for (auto p = static_cast<Position>(size()); p-- > 0;)
    if (set.contains(p))
      for (const Position lower : down[p])
        set.insert(lower);
  return set;
}

RevisionSet Graph::descendants(std::span<const Position> of, Edges edges) const {
  RevisionSet set{*this};
  for (const Position p : of)
    set.insert(p);
  const Adjacency& up = edges == Edges::all ? above_ : children_;
  for (Position p = 0; p < size(); ++p)
    if (set.contains(p))
      for (const Position upper : up[p])
        set.insert(upper);
  return set;
}

RevisionSet Graph::applied(const Heads& current) const {
  std::vector<Position> rows;
  for (const RevisionId& id : current)
    if (const std::optional<Position> p = position(id)) rows.push_back(*p);
  return ancestors(rows, Edges::all);
}

std::vector<RevisionId> Graph::unknown(const Heads& current) const {
  std::vector<RevisionId> ids;
  std::ranges::copy_if(current, std::back_inserter(ids), [&](const RevisionId& id) { return !contains(id); });
  return ids;
}

}  // namespace slipway
