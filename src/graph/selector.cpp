#include "graph/selector.h"

#include <algorithm>
#include <charconv>

#include "base/nearest.h"
#include "error/error.h"
#include "graph/usage_error.h"

namespace slipway {
namespace {

// Alembic abbreviates only names longer than this, so that 1 never means 10.
constexpr std::size_t never_abbreviated = 3;

Error unknown_name(const Graph& graph, std::string_view name) {
  std::vector<std::string> names;
  for (const Graph::Name& known : graph.names())
    names.emplace_back(known.text);
  std::string hint = did_you_mean(name, names);
  if (hint.empty()) hint = "`slipway history` lists the revisions";
  return usage_error("no revision or branch is named " + in_quotes(name), hint);
}

Position one_of(const Graph& graph, std::string_view name, const std::vector<const Graph::Name*>& matches) {
  if (matches.empty()) throw unknown_name(graph, name);
  if (matches.size() == 1) return matches.front()->position;
  std::string candidates;
  for (const Graph::Name* match : matches)
    candidates.append(candidates.empty() ? "" : ", ").append(match->text);
  throw usage_error(in_quotes(name) + " is an ambiguous abbreviation: " + candidates, "type more characters");
}

std::vector<const Graph::Name*> abbreviated(const Graph& graph, std::string_view name) {
  std::vector<const Graph::Name*> matches;
  for (const Graph::Name& match : graph.names_beginning(name))
    if (match.text.size() > never_abbreviated) matches.push_back(&match);
  return matches;
}

std::vector<Position> real_heads(const Graph& graph) {
  std::vector<Position> heads = graph.line_heads();
  std::erase_if(heads, [&](Position p) { return !graph.is_real_head(p); });
  return heads;
}

std::vector<Position> line_heads(const Graph& graph, const std::optional<std::string>& branch) {
  const std::vector<Position> heads = graph.line_heads();
  return branch ? lineage(graph, *branch).filter(heads) : heads;
}

Position only_head(const Graph& graph, const Selector& selector, const std::vector<Position>& heads) {
  if (heads.size() == 1) return heads.front();
  throw usage_error(
      in_quotes(selector.text) + " is ambiguous, because there are several heads: " + listed(graph, heads),
      "type `heads` for all of them, or ID@head or LABEL@head for one; or join them with `slipway merge heads` "
      "or `slipway rebase`");
}

int number(std::string_view digits, std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size())
    throw usage_error("the step count in " + in_quotes(text) + " is out of range");
  return value;
}

}  // namespace

Selector Selector::parse(std::string_view text) {
  Selector selector{.text = std::string{text}, .branch = {}, .name = {}, .steps = {}};
  std::string_view rest = text;
  if (const std::size_t at = rest.find('@'); at != std::string_view::npos) {
    selector.branch = std::string{rest.substr(0, at)};
    rest.remove_prefix(at + 1);
    if (selector.branch->empty() || rest.find('@') != std::string_view::npos)
      throw usage_error(in_quotes(text) + " is not of the form BRANCH@REVISION", "for example: billing@head");
  }
  if (text.find(':') != std::string_view::npos)
    throw usage_error(in_quotes(text) + " is a range, but one revision is expected here",
                      "use ranges with `slipway history -r`, and with `slipway upgrade` and `downgrade` with --sql");

  const std::size_t last = rest.find_last_not_of("0123456789");
  if (last != std::string_view::npos && last + 1 < rest.size() && (rest[last] == '+' || rest[last] == '-')) {
    const int steps = number(rest.substr(last + 1), text);
    selector.steps = rest[last] == '-' ? -steps : steps;
    // The sign is removed, so 001-0 and 001+0 mean 001.
    rest = rest.substr(0, last);
  }
  if (!rest.empty()) selector.name = std::string{rest};
  if (!selector.name && !selector.steps)
    throw usage_error(text.empty() ? "the selector is empty" : in_quotes(text) + " names no revision",
                      "type an id, a branch label, head, heads, base, +N or -N");
  return selector;
}

Position locate(const Graph& graph, std::string_view name) {
  if (const Graph::Name* exact = graph.name(name)) return exact->position;
  return one_of(graph, name, abbreviated(graph, name));
}

Position locate(const Graph& graph, std::string_view name, const std::string& branch) {
  const RevisionSet members = lineage(graph, branch);
  const auto check = [&](Position position) {
    if (members.contains(position)) return position;
    throw usage_error("revision " + graph[position].id.str() + " is not on branch " + in_quotes(branch),
                      "`slipway branches` shows the branches");
  };
  if (const Graph::Name* exact = graph.name(name)) return check(exact->position);
  std::vector<const Graph::Name*> matches = abbreviated(graph, name);
  std::erase_if(matches, [&](const Graph::Name* match) { return !members.contains(match->position); });
  return one_of(graph, name, matches);
}

RevisionSet lineage(const Graph& graph, Position of) {
  RevisionSet set = graph.ancestors({{of}}, Edges::revises);
  set |= graph.descendants({{of}}, Edges::revises);
  return set;
}

RevisionSet lineage(const Graph& graph, const std::string& branch) {
  return lineage(graph, locate(graph, branch));
}

std::vector<Position> branch_tips(const Graph& graph, const RevisionSet& set) {
  std::vector<Position> tips = set.positions();
  std::erase_if(tips, [&](Position p) {
    return std::ranges::any_of(graph.children(p), [&](Position child) { return set.contains(child); });
  });
  return tips;
}

std::vector<Position> resolve_revisions(const Graph& graph, const Selector& selector) {
  if (!selector.name) {
    if (*selector.steps >= 0)
      throw usage_error(in_quotes(selector.text) + " counts up from the heads, but nothing is above them",
                        "type ID" + selector.text + " to count from a revision");
    std::vector<Position> found;
    for (const Position head : selector.branch ? line_heads(graph, selector.branch) : real_heads(graph))
      if (const std::optional<Position> p = walk_down(graph, head, -*selector.steps, selector))
        if (std::ranges::find(found, *p) == found.end()) found.push_back(*p);
    return found;
  }
  if (!selector.steps && *selector.name == "heads")
    return selector.branch ? line_heads(graph, selector.branch) : real_heads(graph);
  const std::optional<Position> one = resolve_revision(graph, selector);
  return one ? std::vector{*one} : std::vector<Position>{};
}

std::vector<RevisionId> resolve_revisions(const Graph& graph, std::string_view selector) {
  std::vector<RevisionId> ids;
  for (const Position p : resolve_revisions(graph, Selector::parse(selector)))
    ids.push_back(graph[p].id);
  return ids;
}

std::optional<Position> resolve_revision(const Graph& graph, const Selector& selector) {
  const auto start = [&]() -> std::optional<Position> {
    const std::string& name = *selector.name;
    // Looked up even if the result is not needed, so that a branch that does not exist is always an error.
    if (selector.branch) locate(graph, *selector.branch);
    if (name == "base") return std::nullopt;
    if (name == "head" || name == "heads") {
      const std::vector<Position> heads =
          name == "heads" && !selector.branch ? real_heads(graph) : line_heads(graph, selector.branch);
      if (heads.empty()) return std::nullopt;
      return only_head(graph, selector, heads);
    }
    return selector.branch ? locate(graph, name, *selector.branch) : locate(graph, name);
  };
  if (!selector.name) {
    const std::vector<Position> found = resolve_revisions(graph, selector);
    if (found.empty()) return std::nullopt;
    return only_head(graph, selector, found);
  }
  const int steps = selector.steps.value_or(0);
  if (steps > 0 && selector.branch) {
    // BRANCH@ID+N: the branch says which way to go, and ID may stand below where it begins.
    Selector from = selector;
    from.branch.reset();
    from.steps.reset();
    return walk_up(graph, resolve_revision(graph, from), steps, selector);
  }
  const std::optional<Position> from = start();
  if (steps > 0) return walk_up(graph, from, steps, selector);
  if (selector.steps && !from)
    throw usage_error(in_quotes(selector.text) + " counts down from base, but nothing is below base");
  return steps < 0 ? walk_down(graph, *from, -steps, selector) : from;
}

std::optional<Position> walk_up(const Graph& graph, std::optional<Position> from, int steps, const Selector& selector,
                                Short end) {
  const std::optional<RevisionSet> branch =
      selector.branch ? std::optional{lineage(graph, *selector.branch)} : std::nullopt;
  for (int done = 0; done < steps; ++done) {
    const std::vector<Position> bases = from ? std::vector<Position>{} : graph.bases();
    const std::span<const Position> next = from ? graph.children(*from) : std::span<const Position>{bases};
    const std::vector<Position> ways = branch ? branch->filter(next) : std::vector<Position>{next.begin(), next.end()};
    const std::string here = from ? graph[*from].id.str() : "base";
    if (ways.empty() && end == Short::accepted) return from;
    if (ways.empty())
      throw usage_error(in_quotes(selector.text) + " goes up by " + std::to_string(steps) + ", but nothing is above " +
                            here + ", which is reached after " + std::to_string(done),
                        "type `heads` to go as far as possible");
    if (ways.size() > 1)
      throw usage_error(in_quotes(selector.text) + " has several ways up from " + here + ": " + listed(graph, ways),
                        "name a revision, or the branch to follow: BRANCH@+N");
    from = ways.front();
  }
  return from;
}

std::optional<Position> walk_down(const Graph& graph, Position from, int steps, const Selector& selector, Short end) {
  std::optional<Position> here = from;
  for (int done = 0; done < steps; ++done) {
    if (!here && end == Short::accepted) return here;
    if (!here)
      throw usage_error(in_quotes(selector.text) + " goes down by " + std::to_string(steps) + " from " +
                            graph[from].id.str() + ", but base is reached after " + std::to_string(done),
                        "type `base` to go all the way");
    const std::span<const Position> ways = graph.parents(*here);
    if (ways.size() > 1)
      throw usage_error(in_quotes(selector.text) + " has several ways down from the merge " + graph[*here].id.str() +
                            ": " + listed(graph, ways),
                        "name the revision to go to");
    here = ways.empty() ? std::nullopt : std::optional{ways.front()};
  }
  return here;
}

std::optional<Position> start_of_walk_up(const Graph& graph, std::span<const Position> rows, const Selector& selector) {
  std::vector<Position> starts{rows.begin(), rows.end()};
  if (selector.branch) {
    const RevisionSet branch = lineage(graph, *selector.branch);
    starts = branch.filter(rows);
    if (starts.empty()) {
      // No row is on the branch, but the part that it shares with other branches may be applied.
      RevisionSet applied = graph.ancestors(rows, Edges::all);
      applied &= branch;
      starts = applied.positions();
      std::erase_if(starts, [&](Position p) {
        return std::ranges::any_of(graph.above(p), [&](Position upper) { return applied.contains(upper); });
      });
    }
  }
  if (starts.size() > 1)
    throw usage_error(in_quotes(selector.text) + " could count from several revisions: " + listed(graph, starts),
                      "type ID+N to say from which, or name the target");
  return starts.empty() ? std::nullopt : std::optional{starts.front()};
}

}  // namespace slipway
