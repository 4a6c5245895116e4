#include "graph/stamp.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "error/error.h"
#include "graph/selector.h"

namespace slipway {
namespace {

// All revisions on the lineage of any of these, including dependencies.
RevisionSet related(const Graph& graph, std::span<const Position> of) {
  RevisionSet set = graph.ancestors(of, Edges::all);
  set |= graph.descendants(of, Edges::all);
  return set;
}

// The `targets` that no other target builds on, because it would imply them.
std::vector<Position> topmost(const Graph& graph, const RevisionSet& targets) {
  std::vector<Position> below;
  for (const Position p : targets.positions())
    below.insert(below.end(), graph.below(p).begin(), graph.below(p).end());
  RevisionSet kept = targets;
  kept -= graph.ancestors(below, Edges::all);
  return kept.positions();
}

RowChange change_between(const Heads& before, const Heads& after) {
  RowChange change;
  std::ranges::set_difference(before, after, std::back_inserter(change.deleted));
  std::ranges::set_difference(after, before, std::back_inserter(change.inserted));
  if (!change.deleted.empty() && !change.inserted.empty()) {
    change.updated = {change.deleted.back(), change.inserted.back()};
    change.deleted.pop_back();
    change.inserted.pop_back();
  }
  return change;
}

Heads stamped(const Graph& graph, const Heads& current, std::span<const std::string> selectors) {
  RevisionSet targets{graph};
  std::vector<Position> moved;
  bool to_base = false;
  for (const std::string& text : selectors) {
    const Selector selector = Selector::parse(text);
    if (!selector.name)
      throw Error{ExitCode::usage, "'" + text + "' is relative, but a stamp needs a revision",
                  "name the revision; `slipway history` lists them"};
    const std::vector<Position> found = resolve_revisions(graph, selector);
    for (const Position p : found)
      targets.insert(p);
    moved.insert(moved.end(), found.begin(), found.end());
    if (!found.empty()) continue;
    if (selector.branch)
      moved.push_back(locate(graph, *selector.branch));
    else
      to_base = true;
  }
  if (to_base && selectors.size() > 1)
    throw Error{ExitCode::usage, "a database can't be at base and at a revision", "name one or the other"};
  if (to_base) return {};

  const RevisionSet replaced = related(graph, moved);
  std::vector<RevisionId> rows;
  std::ranges::copy_if(current, std::back_inserter(rows), [&](const RevisionId& id) { return !replaced.contains(id); });
  for (const Position p : topmost(graph, targets))
    rows.push_back(graph[p].id);
  return Heads{std::move(rows)};
}

}  // namespace

Stamp plan_stamp(const Graph& graph, const Heads& current, std::span<const std::string> selectors) {
  require_known(graph, current);
  const Heads after = stamped(graph, current, selectors);
  return {current, change_between(current, after), after};
}

Stamp plan_purging_stamp(const Graph& graph, const Heads& current, std::span<const std::string> selectors) {
  const Heads after = stamped(graph, {}, selectors);
  return {current, change_between(current, after), after};
}

}  // namespace slipway
