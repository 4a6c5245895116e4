#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"
#include "graph/random_graph.h"

// Cases for the comparison with Alembic: a graph, a version table, and a command with its selectors.

namespace slipway::test {

struct Case {
  std::vector<Revision> revisions;
  std::vector<std::string> rows;
  std::string command;  // upgrade, downgrade, stamp, history, merge, show
  std::vector<std::string> selectors;
};

// What a tool makes of a case.
struct Outcome {
  bool linked = true;
  bool ok = true;
  std::string error;
  std::vector<std::string> steps;              // in order
  std::vector<std::vector<std::string>> rows;  // after each step
};

Case random_case(Chance& chance);

// Other selectors for the same case.
void choose_selectors(Chance& chance, Case& c, const Graph& graph);

Heads heads_of(const std::vector<std::string>& texts);
std::vector<std::string> texts(const Heads& heads);

}  // namespace slipway::test
