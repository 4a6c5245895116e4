#include "graph/plan_case.h"

#include <stdexcept>

#include <nlohmann/json.hpp>

#include "fixture/temp_folder.h"
#include "graph/plan.h"
#include "graph/random_graph.h"
#include "graph/target.h"
#include "measure/peers.h"
#include "measure/process.h"

namespace slipway::bench {
namespace {

constexpr std::size_t revisions = 10'000;

std::vector<Revision> random_folder(std::uint64_t seed) {
  test::Chance chance{seed};
  return test::random_revisions(chance, {.revisions = revisions, .most_heads = 30});
}

std::string as_json(const std::vector<Revision>& folder) {
  nlohmann::json list = nlohmann::json::array();
  for (const Revision& revision : folder)
    list.push_back({{"id", revision.id.str()},
                    {"revises", revision.revises},
                    {"depends_on", revision.depends_on},
                    {"labels", revision.branch_labels}});
  return list.dump();
}

double planned_here(std::vector<Revision> folder) {
  const double begin = now_s();
  const Graph graph = Graph::link(std::move(folder));
  const Plan all = plan(graph, {}, resolve_upgrade(graph, {}, "heads"));
  const double end = now_s();
  if (all.steps.size() != revisions) throw std::runtime_error{"the plan is not of all revisions"};
  return (end - begin) * 1e3;
}

}  // namespace

// Alembic takes a minute or more, so each goes once over one graph.
std::vector<Row> plan_of_a_random_graph() {
  if (!alembic()) return {};
  const std::vector<Revision> folder = random_folder(1);
  const fixture::TempFolder files;
  const std::string path = files.write("graph.json", as_json(folder));
  const Outcome outcome = contest({{.name = "slipway", .run = [&] { return planned_here(folder); }},
                                   {.name = "Alembic's API",
                                    .run =
                                        [&] {
                                          return std::stod(output_of({.program = "/usr/bin/python3",
                                                                      .arguments = {ALEMBIC_PLAN, path},
                                                                      .environment = {{"PYTHONPATH", ORACLE_FOLDER}}}));
                                        }}},
                                  1, WarmUp::none);
  return rows_of("plan of a random graph, 10,000 revisions", "ms", outcome, {Goal{.at_most = 0.01}});
}

}  // namespace slipway::bench
