#include <benchmark/benchmark.h>
#include <malloc.h>

#include "graph/branch_labels.h"
#include "graph/plan.h"
#include "graph/random_graph.h"
#include "graph/range.h"
#include "graph/stamp.h"
#include "report/drawing.h"

// How linking and planning grow with the number of revisions: branches, merges, dependencies, some dozen open heads.
// `kB` is the memory that the result holds; a real folder's scripts come on top.
//
//   graph_bench --benchmark_filter='Link|Plan'

namespace slipway {
namespace {

constexpr std::uint64_t seed = 7;

std::vector<Revision> folder(std::int64_t revisions) {
  test::Chance chance{seed};
  return test::random_revisions(chance, {.revisions = static_cast<std::size_t>(revisions), .most_heads = 30});
}

// Independent lines, as many as there are revisions for ten each: the version table grows with the folder.
std::vector<Revision> wide_folder(std::int64_t revisions) {
  test::Chance chance{seed};
  return test::random_revisions(chance, {.revisions = static_cast<std::size_t>(revisions),
                                         .bases = 10,
                                         .branches = 0,
                                         .merges = 0,
                                         .odd_merges = 0,
                                         .dependencies = 0,
                                         .most_heads = static_cast<std::size_t>(revisions)});
}

double kilobytes() {
  return static_cast<double>(mallinfo2().uordblks) / 1024;
}

void Link(benchmark::State& state) {
  const std::vector<Revision> revisions = folder(state.range(0));
  double held = 0;
  for ([[maybe_unused]] auto _ : state) {
    state.PauseTiming();
    const double before = kilobytes();
    std::vector<Revision> copy = revisions;
    state.ResumeTiming();
    const Graph graph = Graph::link(std::move(copy));
    benchmark::DoNotOptimize(&graph);
    state.PauseTiming();
    held = kilobytes() - before;
    state.ResumeTiming();
  }
  state.counters["kB"] = held;
  state.SetComplexityN(state.range(0));
}

void planned(benchmark::State& state, const Graph& graph, const Heads& rows, const Target& target) {
  const double before = kilobytes();
  const Plan kept = plan(graph, rows, target);
  state.counters["kB"] = kilobytes() - before;
  state.counters["steps"] = static_cast<double>(kept.steps.size());
  for ([[maybe_unused]] auto _ : state)
    benchmark::DoNotOptimize(plan(graph, rows, target));
  state.SetComplexityN(state.range(0));
}

void PlanUpgradeOfAll(benchmark::State& state) {
  const Graph graph = Graph::link(folder(state.range(0)));
  planned(state, graph, {}, resolve_upgrade(graph, {}, "heads"));
}

void PlanUpgradeOfAllInManyLines(benchmark::State& state) {
  const Graph graph = Graph::link(wide_folder(state.range(0)));
  state.counters["heads"] = static_cast<double>(graph.heads().size());
  planned(state, graph, {}, resolve_upgrade(graph, {}, "heads"));
}

void PlanDowngradeOfAll(benchmark::State& state) {
  const Graph graph = Graph::link(folder(state.range(0)));
  planned(state, graph, graph.heads(), resolve_downgrade(graph, graph.heads(), "base"));
}

void PlanOfNothing(benchmark::State& state) {
  const Graph graph = Graph::link(folder(state.range(0)));
  const Heads rows = graph.heads();
  for ([[maybe_unused]] auto _ : state)
    benchmark::DoNotOptimize(plan(graph, rows, resolve_upgrade(graph, rows, "heads")));
  state.SetComplexityN(state.range(0));
}

void Stamping(benchmark::State& state) {
  const Graph graph = Graph::link(folder(state.range(0)));
  const std::vector<std::string> selectors{"heads"};
  for ([[maybe_unused]] auto _ : state)
    benchmark::DoNotOptimize(plan_stamp(graph, {}, selectors));
  state.SetComplexityN(state.range(0));
}

void History(benchmark::State& state) {
  const Graph graph = Graph::link(folder(state.range(0)));
  for ([[maybe_unused]] auto _ : state)
    benchmark::DoNotOptimize(resolve_range(graph, {}, ":"));
  state.SetComplexityN(state.range(0));
}

void Labels(benchmark::State& state) {
  const Graph graph = Graph::link(folder(state.range(0)));
  for ([[maybe_unused]] auto _ : state)
    benchmark::DoNotOptimize(BranchLabels{graph});
  state.SetComplexityN(state.range(0));
}

// A row names every line that goes by it, so a picture grows with the revisions times the lines that are open.
void Drawing(benchmark::State& state) {
  const Graph graph = Graph::link(folder(state.range(0)));
  const std::vector<Position> all = graph.descendants(graph.bases(), Edges::all).positions();
  for ([[maybe_unused]] auto _ : state)
    benchmark::DoNotOptimize(draw(graph, all, Drawn::parents));
  state.SetComplexityN(state.range(0));
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->Arg(1000)->Arg(2000)->Arg(5000)->Arg(10000)->Unit(benchmark::kMillisecond)->Complexity();
}

BENCHMARK(Link)->Apply(sizes);
BENCHMARK(PlanUpgradeOfAll)->Apply(sizes);
BENCHMARK(PlanUpgradeOfAllInManyLines)->Apply(sizes);
BENCHMARK(PlanDowngradeOfAll)->Apply(sizes);
BENCHMARK(PlanOfNothing)->Apply(sizes);
BENCHMARK(Stamping)->Apply(sizes);
BENCHMARK(History)->Apply(sizes);
BENCHMARK(Labels)->Apply(sizes);
BENCHMARK(Drawing)->Apply(sizes);

}  // namespace
}  // namespace slipway

int main(int argc, char** argv) {
  // Memory that goes back to the kernel after each round comes again one page fault at a time, which would be measured
  // in place of the work (mallopt(3)).
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 1 << 26);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
