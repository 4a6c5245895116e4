#include "graph/range.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>

#include "error/error.h"
#include "graph/branch_labels.h"
#include "graph/selector.h"
#include "graph/target.h"
#include "graph/usage_error.h"

namespace slipway {
namespace {

std::string_view stripped(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

struct Ends {
  std::string from;
  std::string to;
};

Ends split(std::string_view text) {
  text = stripped(text);
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos)
    throw usage_error(in_quotes(text) + " is not a range", "write FROM:TO, FROM: or :TO");
  const std::string_view from = stripped(text.substr(0, colon));
  const std::string_view to = stripped(text.substr(colon + 1));
  return {std::string{from.empty() ? "base" : from}, std::string{to.empty() ? "heads" : to}};
}

bool counts(const std::optional<Selector>& end) {
  return end && !end->name;
}

class Range {
 public:
  Range(const Graph& graph, const Heads& current, const Ends& ends) : graph_{graph}, current_{current}, ends_{ends} {
    if (ends.from != "current") from_ = Selector::parse(ends.from);
    if (ends.to != "current") to_ = Selector::parse(ends.to);
  }

  std::vector<Position> resolve() const {
    if (counts(from_) && *from_->steps >= 0)
      throw usage_error(in_quotes(ends_.from) + " counts up, but a range must begin at its lower end", "write FROM:+N");
    if (counts(to_) && *to_->steps <= 0)
      throw usage_error(in_quotes(ends_.to) + " counts down, but a range must end at its upper end", "write -N:TO");
    if (counts(from_) && counts(to_))
      throw usage_error("both ends of the range are relative, so there is nothing to count from",
                        "name a revision at one end");
    return counts(from_) ? counted_down() : between(from());
  }

 private:
  std::vector<Position> rows() const {
    require_known(graph_, current_);
    std::vector<Position> rows;
    for (const RevisionId& id : current_)
      rows.push_back(*graph_.position(id));
    return rows;
  }

  // A walk from a named revision ends where the graph ends.
  std::vector<Position> named(const Selector& selector) const {
    if (!selector.steps) return resolve_revisions(graph_, selector);
    Selector start = selector;
    start.steps.reset();
    if (*selector.steps > 0) start.branch.reset();
    std::optional<Position> p = resolve_revision(graph_, start);
    if (*selector.steps > 0)
      p = walk_up(graph_, p, *selector.steps, selector, Short::accepted);
    else if (!p)
      throw usage_error(in_quotes(selector.text) + " counts down from base, but nothing is below base");
    else
      p = walk_down(graph_, *p, -*selector.steps, selector, Short::accepted);
    return p ? std::vector{*p} : std::vector<Position>{};
  }

  std::vector<Position> from() const { return from_ ? named(*from_) : rows(); }

  std::vector<Position> to(const std::vector<Position>& from) const {
    std::vector<Position> found;
    if (!to_) {
      found = rows();
    } else if (counts(to_)) {
      const std::optional<Position> start = start_of_walk_up(graph_, from, *to_);
      if (const std::optional<Position> p = walk_up(graph_, start, *to_->steps, *to_, Short::accepted)) found = {*p};
    } else {
      found = named(*to_);
    }
    if (from_ && from_->branch) keep_on_branch(found, *from_->branch);
    return found;
  }

  // BRANCH@ at the lower end limits the upper end to the branch; for a label, to the revisions with that label.
  void keep_on_branch(std::vector<Position>& revisions, const std::string& branch) const {
    const Graph::Name* name = graph_.name(branch);
    if (name != nullptr && name->kind == Graph::Name::Kind::label) {
      const BranchLabels labels{graph_};
      std::erase_if(revisions,
                    [&](Position p) { return std::ranges::find(labels.of(p), branch) == labels.of(p).end(); });
    } else {
      const RevisionSet members = lineage(graph_, branch);
      std::erase_if(revisions, [&](Position p) { return !members.contains(p); });
    }
  }

  std::vector<Position> between(const std::vector<Position>& from) const {
    const std::vector<Position> upper = to(from);
    RevisionSet listed = graph_.ancestors(upper, Edges::all);
    for (const Position p : from)
      if (!listed.contains(p))
        throw usage_error(ends_.to + " does not build on " + graph_[p].id.str() + ", so there is no range between them",
                          "`slipway history` shows the lines");
    if (!from.empty()) {
      listed &= graph_.descendants(from, Edges::revises);
      // Of several lower ends, one may lie below another by a dependency.
      listed -= graph_.ancestors(from, Edges::all);
      for (const Position p : from)
        listed.insert(p);
    }
    return listed.positions();
  }

  std::vector<Position> counted_down() const {
    RevisionSet listed{graph_};
    for (const Position upper : to({})) {
      RevisionSet line = graph_.ancestors({{upper}}, Edges::all);
      if (const std::optional<Position> lower = walk_down(graph_, upper, -*from_->steps, *from_, Short::accepted))
        line &= graph_.descendants({{*lower}}, Edges::revises);
      listed |= line;
    }
    return listed.positions();
  }

  const Graph& graph_;
  const Heads& current_;
  Ends ends_;
  std::optional<Selector> from_;  // absent: current
  std::optional<Selector> to_;    // absent: current
};

}  // namespace

std::vector<Position> resolve_range(const Graph& graph, const Heads& current, std::string_view text) {
  return Range{graph, current, split(text)}.resolve();
}

bool names_current(std::string_view range) {
  const Ends ends = split(range);
  return ends.from == "current" || ends.to == "current";
}

}  // namespace slipway
