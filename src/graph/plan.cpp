#include "graph/plan.h"

#include <algorithm>
#include <utility>

#include "error/error.h"

namespace slipway {
namespace {

// The version table as steps change it. Each applied revision counts the applied ones that build on it: it has a row if
// there is none. So the cost of a step depends on its neighbours, not on the number of rows.
class VersionRows {
 public:
  VersionRows(const Graph& graph, const Heads& current)
      : graph_{graph}, applied_{graph.applied(current)}, users_(graph.size()) {
    for (const Position p : applied_.positions())
      for (const Position lower : graph.below(p))
        ++users_[lower];
    for (const RevisionId& id : current)
      if (const std::optional<Position> p = graph.position(id); p && users_[*p] > 0) redundant_.push_back(*p);
  }

  RowChange change(Position p, Direction direction) {
    return direction == Direction::upgrade ? upgrade(p) : downgrade(p);
  }

  // After at least one change; before that, there may be redundant rows.
  Heads held() const {
    std::vector<RevisionId> rows;
    for (const Position p : applied_.positions())
      if (users_[p] == 0) rows.push_back(graph_[p].id);
    return Heads{std::move(rows)};
  }

 private:
  RowChange upgrade(Position p) {
    require(!applied_.contains(p), p, "is applied already");
    std::vector<Position> gone;
    for (const Position lower : graph_.below(p)) {
      require(applied_.contains(lower), p, "needs " + graph_[lower].id.str() + ", which is not applied");
      if (users_[lower]++ == 0) gone.push_back(lower);
    }
    applied_.insert(p);
    return row_change(std::move(gone), {p});
  }

  RowChange downgrade(Position p) {
    require(applied_.contains(p), p, "is not applied");
    require(users_[p] == 0, p, "is still built upon");
    std::vector<Position> come;
    for (const Position lower : graph_.below(p))
      if (--users_[lower] == 0) come.push_back(lower);
    applied_.erase(p);
    return row_change({p}, std::move(come));
  }

  // The first step deletes redundant rows, which another row implies, unless the step makes them necessary.
  RowChange row_change(std::vector<Position> gone, std::vector<Position> come) {
    std::vector<Position> useless;
    for (const Position p : std::exchange(redundant_, {})) {
      const auto returns = std::ranges::find(come, p);
      if (returns != come.end())
        come.erase(returns);
      else
        useless.push_back(p);
    }
    gone.insert(gone.begin(), useless.begin(), useless.end());

    RowChange change;
    if (!gone.empty() && !come.empty()) {
      change.updated = {graph_[gone.back()].id, graph_[come.back()].id};
      gone.pop_back();
      come.pop_back();
    }
    for (const Position p : gone)
      change.deleted.push_back(graph_[p].id);
    for (const Position p : come)
      change.inserted.push_back(graph_[p].id);
    return change;
  }

  void require(bool holds, Position p, const std::string& otherwise) const {
    if (!holds)
      throw Error{ExitCode::internal, "an impossible step was planned: " + graph_[p].id.str() + " " + otherwise};
  }

  const Graph& graph_;
  RevisionSet applied_;
  std::vector<std::uint32_t> users_;
  std::vector<Position> redundant_;
};

std::vector<Position> positions_of(const Graph& graph, const std::vector<RevisionId>& ids) {
  std::vector<Position> positions;
  for (const RevisionId& id : ids)
    if (const std::optional<Position> p = graph.position(id)) positions.push_back(*p);
  return positions;
}

}  // namespace

Heads RowChange::applied_to(Heads before) const {
  for (const RevisionId& id : deleted)
    before.erase(id);
  if (updated) {
    before.erase(updated->from);
    before.insert(updated->to);
  }
  for (const RevisionId& id : inserted)
    before.insert(id);
  return before;
}

Plan plan(const Graph& graph, const Heads& current, const Target& target) {
  require_known(graph, current);
  const RevisionSet applied = graph.applied(current);
  std::vector<Position> order;
  if (target.direction == Direction::upgrade) {
    RevisionSet wanted = graph.ancestors(positions_of(graph, target.revisions), Edges::all);
    wanted -= applied;
    order = wanted.positions();
  } else {
    RevisionSet unwanted = graph.descendants(positions_of(graph, target.dropped), Edges::all);
    unwanted &= applied;
    order = unwanted.positions();
    std::ranges::reverse(order);
  }

  Plan plan{.before = current, .steps = {}, .after = current};
  plan.steps.reserve(order.size());
  VersionRows rows{graph, current};
  for (const Position p : order)
    plan.steps.push_back({&graph[p], target.direction, rows.change(p, target.direction)});
  if (!plan.empty()) plan.after = rows.held();
  return plan;
}

Heads heads_after(const Graph& graph, const Heads& before, const Revision& revision, Direction direction) {
  const std::optional<Position> p = graph.position(revision.id);
  if (!p)
    throw Error{ExitCode::internal,
                "a step was asked for with revision " + revision.id.str() + ", which the graph does not contain"};
  return VersionRows{graph, before}.change(*p, direction).applied_to(before);
}

const Script& script_of(const Step& step) {
  if (step.direction == Direction::upgrade) return step.revision->upgrade;
  if (step.revision->downgrade) return *step.revision->downgrade;
  throw Error{
      ExitCode::bad_migrations,
      step.revision->location.str() + ": " + title(*step.revision) + " has no migrate:down, so it can't be undone",
      "write its migrate:down, or write a new revision that undoes it"};
}

}  // namespace slipway
