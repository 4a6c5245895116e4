#include "report/drawing.h"

#include <algorithm>
#include <iterator>
#include <optional>

namespace slipway {
namespace {

// Each revision comes after all revisions that build on it. Of those that can come next, the one that became ready last
// is chosen.
std::vector<Position> order_of_rows(const Graph& graph, const RevisionSet& listed) {
  std::vector<std::size_t> waits_for(graph.size());
  std::vector<Position> ready;
  for (const Position p : listed.positions()) {
    waits_for[p] = static_cast<std::size_t>(
        std::ranges::count_if(graph.above(p), [&](Position upper) { return listed.contains(upper); }));
    if (waits_for[p] == 0) ready.push_back(p);
  }
  std::vector<Position> order;
  while (!ready.empty()) {
    const Position next = ready.back();
    ready.pop_back();
    order.push_back(next);
    // `ready` is a stack: the parents are pushed last, so that the revision's line continues before its dependencies.
    std::vector<Position> free;
    for (const Position lower : graph.below(next))
      if (listed.contains(lower) && --waits_for[lower] == 0) free.push_back(lower);
    const auto is_parent = [&](Position lower) {
      return std::ranges::find(graph.parents(next), lower) != graph.parents(next).end();
    };
    std::ranges::remove_copy_if(free, std::back_inserter(ready), is_parent);
    std::ranges::copy_if(free, std::back_inserter(ready), is_parent);
  }
  return order;
}

class Lanes {
 public:
  Lanes(const Graph& graph, const RevisionSet& listed, Drawn what) : graph_{graph}, listed_{listed}, what_{what} {}

  DrawnRow row(Position p) {
    DrawnRow row{.revision = p, .lane = 0, .passing = {}, .ending = {}, .edges = {}};
    row.ending = waiting_for(p);
    if (row.ending.empty()) {
      row.lane = free_lane();
    } else {
      row.lane = row.ending.front();
      row.ending.erase(row.ending.begin());
    }
    for (const std::size_t lane : row.ending)
      lanes_[lane].reset();
    lanes_[row.lane].reset();
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane)
      if (lanes_[lane]) row.passing.push_back(lane);

    for (const Position parent : graph_.parents(p))
      add_edge(row, parent, false);
    if (what_ == Drawn::dependencies_too)
      for (const Position dependency : graph_.dependencies(p))
        add_edge(row, dependency, true);
    return row;
  }

 private:
  struct Wait {
    Position revision;
    bool is_dependency;
    friend bool operator==(const Wait&, const Wait&) = default;
  };

  // The first line continues in the revision's own lane.
  void add_edge(DrawnRow& row, Position to, bool is_dependency) {
    if (!listed_.contains(to)) return;
    const std::size_t lane = row.edges.empty() ? take(row.lane, to, is_dependency) : lane_to(to, is_dependency);
    row.edges.push_back({to, lane, is_dependency});
  }

  std::vector<std::size_t> waiting_for(Position p) const {
    std::vector<std::size_t> found;
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane)
      if (lanes_[lane] && lanes_[lane]->revision == p) found.push_back(lane);
    return found;
  }

  std::size_t free_lane() {
    const auto place = std::ranges::find_if(lanes_, [](const auto& wait) { return !wait.has_value(); });
    const auto lane = static_cast<std::size_t>(place - lanes_.begin());
    if (place == lanes_.end()) lanes_.emplace_back();
    return lane;
  }

  std::size_t take(std::size_t lane, Position p, bool is_dependency) {
    lanes_[lane] = Wait{p, is_dependency};
    return lane;
  }

  // Uses a lane that already leads to the revision, if there is one.
  std::size_t lane_to(Position p, bool is_dependency) {
    const auto place = std::ranges::find(lanes_, std::optional{Wait{p, is_dependency}});
    return place != lanes_.end() ? static_cast<std::size_t>(place - lanes_.begin())
                                 : take(free_lane(), p, is_dependency);
  }

  const Graph& graph_;
  const RevisionSet& listed_;
  Drawn what_;
  std::vector<std::optional<Wait>> lanes_;  // the revision that each lane leads to
};

// One line of a picture: lane n is column 2n, and what leads from one lane to the next stands in between.
class DrawnLine {
 public:
  void put(std::size_t column, char c) {
    if (text_.size() <= column) text_.resize(column + 1, ' ');
    text_[column] = c;
  }
  void bars(const std::vector<std::size_t>& lanes) {
    for (const std::size_t lane : lanes)
      put(2 * lane, '|');
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::vector<std::string> lines_above(const DrawnRow& row) {
  std::vector<std::string> lines;
  if (row.ending.empty()) return lines;
  for (std::size_t left = row.ending.back() - row.lane; left > 0; --left) {
    DrawnLine line;
    line.bars(row.passing);
    line.put(2 * row.lane, '|');
    for (const std::size_t lane : row.ending)
      if (lane - row.lane < left)
        line.put(2 * lane, '|');
      else
        line.put(2 * (row.lane + left) - 1, '/');
    lines.push_back(line.text());
  }
  return lines;
}

std::size_t distance(const DrawnRow& row, const DrawnEdge& edge) {
  return edge.lane > row.lane ? edge.lane - row.lane : row.lane - edge.lane;
}

std::vector<std::string> lines_below(const DrawnRow& row) {
  std::vector<std::string> lines;
  std::size_t longest = 0;
  for (const DrawnEdge& edge : row.edges)
    longest = std::max(longest, distance(row, edge));
  for (std::size_t gone = 1; gone <= longest; ++gone) {
    DrawnLine line;
    line.bars(row.passing);
    for (const DrawnEdge& edge : row.edges)
      if (gone > distance(row, edge))
        line.put(2 * edge.lane, '|');
      else if (edge.lane > row.lane)
        line.put(2 * (row.lane + gone) - 1, '\\');
      else
        line.put(2 * (row.lane - gone) + 1, '/');
    lines.push_back(line.text());
  }
  return lines;
}

}  // namespace

std::vector<DrawnRow> draw(const Graph& graph, std::span<const Position> listed, Drawn what) {
  RevisionSet set{graph};
  for (const Position p : listed)
    set.insert(p);
  Lanes lanes{graph, set, what};
  std::vector<DrawnRow> rows;
  for (const Position p : order_of_rows(graph, set))
    rows.push_back(lanes.row(p));
  return rows;
}

std::vector<RowText> as_text(const std::vector<DrawnRow>& rows, const std::string& nodes) {
  std::vector<RowText> texts;
  for (const DrawnRow& row : rows) {
    DrawnLine node;
    node.bars(row.passing);
    node.put(2 * row.lane, nodes[row.revision]);
    DrawnLine beside;
    beside.bars(row.passing);
    beside.put(2 * row.lane, row.edges.empty() ? ' ' : '|');
    texts.push_back({.revision = row.revision,
                     .above = lines_above(row),
                     .node = node.text() + " ",
                     .beside = beside.text() + " ",
                     .below = lines_below(row)});
  }
  return texts;
}

}  // namespace slipway
