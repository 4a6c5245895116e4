#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "error/error.h"
#include "graph/plan.h"
#include "graph/random_graph.h"
#include "graph/range.h"
#include "graph/selector.h"
#include "graph/stamp.h"
#include "graph/target.h"

// Any text is a selector or a range that leads somewhere, from wherever the database is, or an Error of usage. A target
// that was found has a plan, and the plan leads to heads that the graph has.

namespace {

using namespace slipway;

struct Place {
  Graph graph;
  Heads current;
};

// Made once: graphs with branches, merges, labels and dependencies, and a database somewhere on each.
const std::vector<Place>& places() {
  static const std::vector<Place> made = [] {
    std::vector<Place> places;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      test::Chance chance{seed};
      Graph graph = Graph::link(test::random_revisions(chance, {.revisions = 12, .labels = 30}));
      Heads current = test::random_heads(chance, graph);
      places.push_back({.graph = std::move(graph), .current = std::move(current)});
    }
    return places;
  }();
  return made;
}

template <typename Do>
void is_done_or_refused(Do&& what) {
  try {
    what();
  } catch (const Error& error) {
    if (error.exit_code() == ExitCode::usage && !error.message().empty()) return;
    std::cerr << static_cast<int>(error.exit_code()) << " " << error.message() << '\n';
    std::abort();
  }
}

void check_plan(const Place& place, const Target& target) {
  const Plan found = plan(place.graph, place.current, target);
  if (!place.graph.unknown(found.after).empty()) std::abort();
  if (found.empty() && found.after != place.current) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Place& place = places()[data[0] % places().size()];
  const std::string text{reinterpret_cast<const char*>(data) + 1, size - 1};
  const std::vector<std::string> selectors{text};
  is_done_or_refused([&] { check_plan(place, resolve_upgrade(place.graph, place.current, text)); });
  is_done_or_refused([&] { check_plan(place, resolve_downgrade(place.graph, place.current, text)); });
  is_done_or_refused([&] { resolve_range(place.graph, place.current, text); });
  is_done_or_refused([&] { plan_stamp(place.graph, place.current, selectors); });
  is_done_or_refused([&] { locate(place.graph, text); });
  return 0;
}
