#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "revision/revision.h"

// Revision graphs made by chance: lines, branches, merges, several bases, labels, dependencies. The same seed makes
// the same graph everywhere. For property tests, for the comparison with Alembic, and for the benchmark.

namespace slipway::test {

// What std::uniform_int_distribution gives differs between standard libraries; this does not.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_{seed} {}

  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(engine_() % limit); }
  std::size_t between(std::size_t least, std::size_t most) { return least + below(most - least + 1); }
  bool percent(std::size_t chance) { return below(100) < chance; }

  template <typename T>
  const T& one_of(const std::vector<T>& items) {
    return items[below(items.size())];
  }

 private:
  std::mt19937_64 engine_;
};

// How often, in percent.
struct Shape {
  std::size_t revisions = 20;
  std::size_t bases = 5;         // a further base
  std::size_t branches = 15;     // revises what is no head
  std::size_t merges = 8;        // revises two or three heads
  std::size_t odd_merges = 1;    // revises any two, perhaps one above the other
  std::size_t dependencies = 8;  // depends on one or two of any branch
  std::size_t labels = 8;
  std::size_t most_heads = 100;  // merges when there are more
};

std::vector<Revision> random_revisions(Chance& chance, const Shape& shape);

// The rows of a database that this graph brought somewhere, by any mixture of upgrades and downgrades.
Heads random_heads(Chance& chance, const Graph& graph);

}  // namespace slipway::test
