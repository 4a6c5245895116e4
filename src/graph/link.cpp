#include <algorithm>
#include <functional>
#include <numeric>
#include <queue>
#include <string>
#include <tuple>
#include <utility>

#include "base/nearest.h"
#include "base/text.h"
#include "error/error.h"
#include "graph/graph.h"
#include "revision/id_rules.h"

// Graph::link. First it sorts the revisions by id, so that comparing two positions compares two ids. Then it resolves
// the names, computes the order, and moves the revisions into that order.

namespace slipway {
namespace {

// A prefix in a file is permanent, so the rules are stricter than for one that is typed: with `1`, a folder that loses
// 1 would be linked to 10.
constexpr std::size_t shortest_prefix = 4;

std::string at(const SourceLocation& location, const std::string& sentence) {
  return location.str() + ": " + sentence;
}

// All mistakes are reported at once, with the hint for the first.
class Problems {
 public:
  void add(std::string sentence, std::string hint) {
    if (sentences_.empty()) hint_ = std::move(hint);
    sentences_.push_back(std::move(sentence));
  }

  void throw_if_any() const {
    if (!sentences_.empty()) throw Error{ExitCode::bad_migrations, join(sentences_, "\n"), hint_};
  }

 private:
  std::vector<std::string> sentences_;
  std::string hint_;
};

}  // namespace

class Linker {
 public:
  explicit Linker(std::vector<Revision> revisions) : revisions_{std::move(revisions)} {}

  Graph link() {
    sort_by_id();
    check_ids();
    name();
    problems_.throw_if_any();
    resolve();
    problems_.throw_if_any();
    const std::vector<Position> order = order_of_application();
    return arrange(order);
  }

 private:
  using Name = Graph::Name;

  // Folders mostly return them in that order, and checking is faster than sorting again.
  void sort_by_id() {
    if (!std::ranges::is_sorted(revisions_, {}, &Revision::id)) std::ranges::stable_sort(revisions_, {}, &Revision::id);
  }

  void check_ids() {
    for (std::size_t i = 0; i < revisions_.size(); ++i) {
      const Revision& revision = revisions_[i];
      const std::string& id = revision.id.str();
      if (const std::optional<std::string> wrong = wrong_with_revision_id(id)) {
        problems_.add(at(revision.location, "the revision id '" + id + "' " + *wrong), "give the revision another id");
      } else if (i > 0 && revision.id == revisions_[i - 1].id) {
        problems_.add(
            at(revision.location, "the revision id " + id + " is already used in " + revisions_[i - 1].location.str()),
            "give one of the two another id, and correct the files that revise it");
      }
    }
  }

  void name() {
    for (Position i = 0; i < revisions_.size(); ++i) {
      const Revision& revision = revisions_[i];
      names_.push_back({revision.id.str(), i, Name::Kind::id});
      for (const std::string& label : revision.branch_labels) {
        check_label(revision, label);
        names_.push_back({label, i, Name::Kind::label});
      }
    }
    // An id before a label of the same text, so that the error is about the label.
    std::ranges::sort(names_, [](const Name& a, const Name& b) {
      return std::tie(a.text, a.kind, a.position) < std::tie(b.text, b.kind, b.position);
    });
    for (std::size_t i = 1; i < names_.size(); ++i) {
      const Name& name = names_[i];
      const Name& other = names_[i - 1];
      if (name.text != other.text || name.kind == Name::Kind::id) continue;
      const Revision& owner = revisions_[other.position];
      problems_.add(
          at(revisions_[name.position].location,
             "the branch label " + std::string{name.text} +
                 (other.kind == Name::Kind::id ? " is the id of a revision, see "
                                               : " already belongs to revision " + owner.id.str() + ", see ") +
                 owner.location.str()),
          "give one of the two another name");
    }
  }

  void check_label(const Revision& revision, const std::string& label) {
    if (const std::optional<std::string> wrong = wrong_with_label(label))
      problems_.add(at(revision.location, "the branch label '" + label + "' " + *wrong),
                    "give the branch another label");
  }

  void resolve() {
    parents_.resize(revisions_.size());
    dependencies_.resize(revisions_.size());
    for (Position i = 0; i < revisions_.size(); ++i) {
      for (const std::string& text : revisions_[i].revises)
        add(parents_[i], find(i, text, "revises"));
      for (const std::string& text : revisions_[i].depends_on)
        add(dependencies_[i], find(i, text, "depends on"));
    }
  }

  static void add(std::vector<Position>& list, std::optional<Position> found) {
    if (found && std::ranges::find(list, *found) == list.end()) list.push_back(*found);
  }

  std::span<const Name> beginning(std::string_view prefix) const {
    const auto begin = std::ranges::lower_bound(names_, prefix, {}, &Name::text);
    const auto end = std::find_if(begin, names_.end(), [&](const Name& n) { return !n.text.starts_with(prefix); });
    return {begin, end};
  }

  // The revision that `text` names in the file of revision `from`; nothing, with a problem added, if it names none.
  std::optional<Position> find(Position from, const std::string& text, std::string_view verb) {
    std::vector<std::string> candidates;
    std::optional<Position> found;
    for (const Name& name : beginning(text)) {
      if (name.kind == Name::Kind::label && (verb == "revises" || name.text != text)) continue;
      if (name.text == text) {
        found = name.position;
        candidates.clear();
        break;
      }
      if (text.size() < shortest_prefix) break;
      found = name.position;
      candidates.emplace_back(name.text);
    }
    if (found && *found != from && candidates.size() <= 1) return found;

    const Revision& revision = revisions_[from];
    const SourceLocation location = verb == "revises" ? revision.revises_location() : revision.location;
    const std::string sentence = "revision " + revision.id.str() + " " + std::string{verb} + " " + text;
    if (candidates.size() > 1) {
      problems_.add(at(location, sentence + ", which is ambiguous: " + join(candidates, ", ")), "write the id in full");
    } else if (!found) {
      std::string hint = did_you_mean(text, known_names());
      if (hint.empty()) hint = "restore the file that defines it, or name a revision that exists";
      problems_.add(at(location, sentence + ", which no file defines"), std::move(hint));
    } else {
      problems_.add(at(location, "revision " + revision.id.str() + " " + std::string{verb} + " itself"),
                    "name the revision before it, or nothing if it is a base");
    }
    return std::nullopt;
  }

  std::vector<std::string> known_names() const {
    std::vector<std::string> texts;
    for (const Name& name : names_)
      texts.emplace_back(name.text);
    return texts;
  }

  // Kahn's algorithm, the lowest id first among those that are ready.
  std::vector<Position> sorted(const std::vector<std::vector<Position>>& below) const {
    std::vector<std::size_t> waits_for(below.size());
    for (std::size_t i = 0; i < below.size(); ++i)
      waits_for[i] = below[i].size();
    const Adjacency above = Adjacency{below}.reversed();
    std::priority_queue<Position, std::vector<Position>, std::greater<>> ready;
    for (Position i = 0; i < below.size(); ++i)
      if (below[i].empty()) ready.push(i);
    std::vector<Position> order;
    order.reserve(below.size());
    while (!ready.empty()) {
      const Position next = ready.top();
      ready.pop();
      order.push_back(next);
      for (const Position upper : above[next])
        if (--waits_for[upper] == 0) ready.push(upper);
    }
    return order;
  }

  std::vector<Position> order_of_application() {
    below_ = parents_;
    for (Position i = 0; i < below_.size(); ++i)
      for (const Position dependency : dependencies_[i])
        add(below_[i], dependency);
    std::vector<Position> order = sorted(below_);
    if (order.size() == revisions_.size()) return order;

    const std::vector<Position> by_parents = sorted(parents_);
    const bool parents_alone = by_parents.size() < revisions_.size();
    throw cycle(parents_alone ? parents_ : below_, parents_alone ? by_parents : order);
  }

  // A revision that could not be ordered is on a cycle or above one. Following its parents among those revisions leads
  // to a cycle.
  Error cycle(const std::vector<std::vector<Position>>& below, const std::vector<Position>& ordered) const {
    std::vector<bool> is_ordered(below.size());
    for (const Position i : ordered)
      is_ordered[i] = true;
    std::vector<Position> path;
    auto here = static_cast<Position>(std::ranges::find(is_ordered, false) - is_ordered.begin());
    while (std::ranges::find(path, here) == path.end()) {
      path.push_back(here);
      here = *std::ranges::find_if(below[here], [&](Position lower) { return !is_ordered[lower]; });
    }
    path.erase(path.begin(), std::ranges::find(path, here));

    std::vector<std::string> lines;
    for (std::size_t i = 0; i < path.size(); ++i) {
      const Position lower = path[(i + 1) % path.size()];
      const Revision& revision = revisions_[path[i]];
      const bool is_parent = std::ranges::find(parents_[path[i]], lower) != parents_[path[i]].end();
      lines.push_back(at(
          is_parent ? revision.revises_location() : revision.location,
          "revision " + revision.id.str() + (is_parent ? " revises " : " depends on ") + revisions_[lower].id.str()));
    }
    return Error{ExitCode::bad_migrations,
                 "the revisions form a cycle, so none of them can come first\n" + join(lines, "\n"),
                 "change what one of them revises or depends on"};
  }

  Graph arrange(const std::vector<Position>& order) {
    std::vector<Position> place(order.size());
    for (Position p = 0; p < order.size(); ++p)
      place[order[p]] = p;
    const auto moved = [&](const std::vector<std::vector<Position>>& lists) {
      std::vector<std::vector<Position>> result(lists.size());
      for (Position i = 0; i < lists.size(); ++i)
        for (const Position neighbour : lists[i])
          result[place[i]].push_back(place[neighbour]);
      return Adjacency{result};
    };

    Graph graph;
    graph.parents_ = moved(parents_);
    graph.dependencies_ = moved(dependencies_);
    graph.below_ = moved(below_);
    graph.children_ = graph.parents_.reversed();
    graph.dependents_ = graph.dependencies_.reversed();
    graph.above_ = graph.below_.reversed();
    graph.names_ = std::move(names_);

    // The names point into the revisions, which are about to move, so labels are stored by their index.
    std::vector<std::size_t> label_of(graph.names_.size());
    for (std::size_t i = 0; i < graph.names_.size(); ++i) {
      const Name& name = graph.names_[i];
      const std::vector<std::string>& labels = revisions_[name.position].branch_labels;
      label_of[i] = static_cast<std::size_t>(std::ranges::find(labels, name.text) - labels.begin());
    }
    graph.revisions_.reserve(order.size());
    for (const Position i : order)
      graph.revisions_.push_back(std::move(revisions_[i]));
    for (std::size_t i = 0; i < graph.names_.size(); ++i) {
      Name& name = graph.names_[i];
      name.position = place[name.position];
      const Revision& revision = graph.revisions_[name.position];
      name.text = name.kind == Name::Kind::id ? revision.id.str() : revision.branch_labels[label_of[i]];
    }
    return graph;
  }

  std::vector<Revision> revisions_;  // by id
  std::vector<Name> names_;
  std::vector<std::vector<Position>> parents_, dependencies_, below_;
  Problems problems_;
};

Graph Graph::link(std::vector<Revision> revisions) {
  return Linker{std::move(revisions)}.link();
}

}  // namespace slipway
