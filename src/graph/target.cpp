#include "graph/target.h"

#include <algorithm>

#include "error/error.h"
#include "graph/selector.h"
#include "graph/usage_error.h"

namespace slipway {
namespace {

std::vector<Position> rows_of(const Graph& graph, const Heads& current) {
  std::vector<Position> rows;
  for (const RevisionId& id : current)
    rows.push_back(*graph.position(id));
  return rows;
}

std::vector<Position> upgrade_to(const Graph& graph, const Heads& current, const Selector& selector) {
  if (!selector.steps) return resolve_revisions(graph, selector);
  if (selector.name) {
    if (const std::optional<Position> target = resolve_revision(graph, selector)) return {*target};
    throw usage_error(in_quotes(selector.text) + " is base, but an upgrade can't go to base",
                      "type a revision to upgrade to");
  }
  if (*selector.steps <= 0)
    throw usage_error(in_quotes(selector.text) + " is not above the current revision, so an upgrade can't go there",
                      "`slipway downgrade` goes down");
  const std::optional<Position> start = start_of_walk_up(graph, rows_of(graph, current), selector);
  return {*walk_up(graph, start, *selector.steps, selector)};
}

// Where -N and BRANCH@-N are counted from.
Position start_of_walk_down(const Graph& graph, const Heads& current, const Selector& selector) {
  std::vector<Position> starts = rows_of(graph, current);
  if (starts.empty()) throw usage_error(in_quotes(selector.text) + " goes below base: nothing is applied");
  if (selector.branch) {
    const RevisionSet branch = lineage(graph, *selector.branch);
    starts = branch.filter(starts);
    // A branch has no row if another branch depends on its tip.
    if (starts.empty()) starts = branch.filter(branch_tips(graph, graph.applied(current)));
    if (starts.empty())
      throw usage_error("nothing is applied on branch " + in_quotes(*selector.branch),
                        "`slipway current` shows what is applied");
  }
  if (starts.size() > 1)
    throw usage_error(
        in_quotes(selector.text) + " could count from several current revisions: " + listed(graph, starts),
        "type ID@-N to say from which, or name the revision to go to");
  return starts.front();
}

}  // namespace

void require_known(const Graph& graph, const Heads& current) {
  const std::vector<RevisionId> unknown = graph.unknown(current);
  if (unknown.empty()) return;
  throw Error{ExitCode::bad_migrations,
              "the database is at " + Heads{unknown}.str() + ", which no file of the migrations folder defines",
              "deploy the build that brought it there, or check that the folder and the database belong together"};
}

Target resolve_upgrade(const Graph& graph, const Heads& current, std::string_view selector) {
  const std::string text{selector};
  return resolve_upgrade(graph, current, std::span{&text, 1});
}

Target resolve_upgrade(const Graph& graph, const Heads& current, std::span<const std::string> selectors) {
  require_known(graph, current);
  Target target{.direction = Direction::upgrade, .selector = {}, .revisions = {}, .dropped = {}};
  for (const std::string& text : selectors) {
    target.selector += (target.selector.empty() ? "" : " ") + text;
    for (const Position p : upgrade_to(graph, current, Selector::parse(text))) {
      const RevisionId& id = graph[p].id;
      if (std::ranges::find(target.revisions, id) == target.revisions.end()) target.revisions.push_back(id);
    }
  }
  return target;
}

Target resolve_downgrade(const Graph& graph, const Heads& current, std::string_view text) {
  require_known(graph, current);
  const Selector selector = Selector::parse(text);

  // The revision that stays (nothing for base), and the branch that leads down to it.
  std::optional<Position> stays;
  std::optional<Position> branch = selector.branch ? std::optional{locate(graph, *selector.branch)} : std::nullopt;
  if (selector.name) {
    stays = resolve_revision(graph, selector);
    if (!stays && selector.name != "base" && !selector.steps) return {Direction::downgrade, selector.text, {}, {}};
  } else if (*selector.steps >= 0) {
    throw usage_error(in_quotes(selector.text) + " is not below the current revision, so a downgrade can't go there",
                      "`slipway upgrade` goes up");
  } else {
    const Position start = start_of_walk_down(graph, current, selector);
    stays = walk_down(graph, start, -*selector.steps, selector);
    if (!branch) branch = start;
  }

  std::vector<Position> dropped = graph.bases();
  if (stays) dropped.assign(graph.children(*stays).begin(), graph.children(*stays).end());
  if (branch && dropped.size() > 1) {
    const std::vector<Position> leading = graph.ancestors({{*branch}}, Edges::revises).filter(dropped);
    if (leading.empty())
      throw usage_error("branch " + in_quotes(graph[*branch].id.str()) + " does not begin above " +
                            graph[*stays].id.str() +
                            ", so it is not clear which of these to undo: " + listed(graph, dropped),
                        "name a branch with ID@" + graph[*stays].id.str());
    dropped = leading;
  }
  if (stays && !graph.applied(current).contains(*stays))
    throw usage_error("revision " + graph[*stays].id.str() + " is not applied, so a downgrade can't go there",
                      "`slipway current` shows what is applied");
  return {Direction::downgrade, selector.text, {}, graph.ids(dropped)};
}

}  // namespace slipway
