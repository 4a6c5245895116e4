#include "graph/placement.h"

#include <algorithm>

#include "error/error.h"
#include "graph/selector.h"
#include "graph/usage_error.h"

namespace slipway {
namespace {

std::vector<Position> named(const Graph& graph, std::span<const std::string> selectors) {
  std::vector<Position> found;
  for (const std::string& text : selectors) {
    const std::vector<Position> here = resolve_revisions(graph, Selector::parse(text));
    if (here.empty() && selectors.size() > 1)
      throw usage_error(in_quotes(text) + " names no revision, so it can't be combined with others",
                        "name revisions, or only base");
    std::ranges::copy_if(here, std::back_inserter(found),
                         [&](Position p) { return std::ranges::find(found, p) == found.end(); });
  }
  return found;
}

void require_heads(const Graph& graph, std::span<const Position> parents) {
  for (const Position p : parents)
    if (!graph.is_head(p))
      throw usage_error("revision " + graph[p].id.str() + " is not a head: " + listed(graph, graph.children(p)) +
                            " already revises it",
                        "name a head, or make a new branch from it with --splice");
}

// If no file says what it revises, the revisions form one line in the order of their ids.
void require_line_end(const Graph& graph, std::span<const Position> parents) {
  if (graph.empty() || graph[0].parents != Parents::implied) return;
  const auto last = static_cast<Position>(graph.size() - 1);
  if (parents.size() == 1 && parents.front() == last) return;
  throw usage_error(
      "no file has a `revises` line, so a new revision can only follow the last one, " + graph[last].id.str(),
      "write `-- revises:` into each file, with the id of the revision before it");
}

}  // namespace

Error several_heads(const Graph& graph) {
  const std::vector<Position> heads = graph.line_heads();
  return {ExitCode::bad_migrations, "there are several heads: " + listed(graph, heads),
          "join them with `slipway merge heads`; or run `slipway rebase " + graph[heads.back()].id.str() + " --onto " +
              graph[heads.front()].id.str() + "`, if " + graph[heads.back()].id.str() +
              " has not been applied anywhere"};
}

std::vector<RevisionId> parents_of_new(const Graph& graph, std::span<const std::string> selectors, Splice splice) {
  if (selectors.empty()) {
    const std::vector<Position> heads = graph.line_heads();
    if (heads.size() <= 1) return graph.ids(heads);
    const Error several = several_heads(graph);
    throw Error{several.exit_code(), several.message(),
                "choose the parent of the new revision with --head; or " + several.hint()};
  }
  const std::vector<Position> parents = named(graph, selectors);
  require_line_end(graph, parents);
  if (splice == Splice::refused) require_heads(graph, parents);
  return graph.ids(parents);
}

std::vector<RevisionId> parents_of_merge(const Graph& graph, std::span<const std::string> selectors, Splice splice) {
  const std::vector<Position> parents = named(graph, selectors);
  if (parents.size() < 2)
    throw usage_error(parents.empty() ? "there is nothing to merge"
                                      : "there is nothing to merge with " + graph[parents.front()].id.str(),
                      "`slipway heads` lists the heads");
  for (const Position p : parents)
    for (const Position other : parents)
      if (p != other && graph.ancestors({{p}}, Edges::revises).contains(other))
        throw usage_error("revision " + graph[p].id.str() + " already builds on " + graph[other].id.str() +
                              ", so there is nothing to merge",
                          "leave out " + graph[other].id.str());
  if (splice == Splice::refused) require_heads(graph, parents);
  return graph.ids(parents);
}

std::vector<std::string> dependencies_of_new(const Graph& graph, std::span<const std::string> selectors) {
  std::vector<std::string> dependencies;
  const auto add = [&](const std::string& name) {
    if (std::ranges::find(dependencies, name) == dependencies.end()) dependencies.push_back(name);
  };
  for (const std::string& text : selectors) {
    const Graph::Name* exact = graph.name(text);
    if (exact != nullptr && exact->kind == Graph::Name::Kind::label) {
      add(text);
      continue;
    }
    const std::vector<Position> found = resolve_revisions(graph, Selector::parse(text));
    if (found.empty())
      throw usage_error(in_quotes(text) + " names no revision to depend on", "name a revision or a label");
    for (const Position p : found)
      add(graph[p].id.str());
  }
  return dependencies;
}

void require_unused(const Graph& graph, const std::string& name) {
  const Graph::Name* taken = graph.name(name);
  if (taken == nullptr) return;
  const Revision& owner = graph[taken->position];
  throw usage_error(in_quotes(name) +
                        (taken->kind == Graph::Name::Kind::id
                             ? " is already the id of a revision, see "
                             : " is already a branch label of revision " + owner.id.str() + ", see ") +
                        owner.location.str(),
                    "choose another name");
}

std::vector<RevisionId> parents_after_rebase(const Graph& graph, const RevisionId& revision, const std::string& onto) {
  const Position moved = *graph.position(revision);
  const Revision& file = graph[moved];
  if (graph.is_merge(moved))
    throw Error{ExitCode::bad_migrations,
                file.revises_location().str() + ": " + revision.str() + " is a merge of " +
                    listed(graph, graph.parents(moved)) + ", so it is not clear which of them to replace",
                "edit the line yourself"};
  if (file.parents == Parents::implied)
    throw Error{ExitCode::bad_migrations,
                file.location.str() + ": no file has a `revises` line, so the order of the ids determines the parents",
                "give the file an id that puts it in the right place, or write `-- revises:` into each file"};
  const std::optional<Position> target = resolve_revision(graph, Selector::parse(onto));
  if (!target) return {};
  if (graph.descendants({{moved}}, Edges::all).contains(*target))
    throw usage_error(*target == moved
                          ? revision.str() + " can't revise itself"
                          : graph[*target].id.str() + " builds on " + revision.str() + ", so they would form a cycle",
                      "name a revision that does not build on it");
  return {graph[*target].id};
}

}  // namespace slipway
