#include "wait/waiters.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include "input/server.h"
#include "input/tool.h"

namespace slipway::bench {
namespace {

using namespace std::chrono_literals;

constexpr int waiters = 5;
constexpr int trials = 10;

}  // namespace

std::vector<Row> waiters_behind_a_leader() {
  Server server;
  const fixture::TempFolder folder;
  folder.write("migrations/001_slow.sql", "-- migrate:up\nSELECT pg_sleep(2);\n-- migrate:down\n");
  const auto last_launch = [&] {
    const std::string url = server.url(Server::Way::tcp, server.new_database());
    Process leader{slipway_upgrade(folder, url)};
    std::this_thread::sleep_for(500ms);
    std::vector<std::unique_ptr<Process>> waiting;
    for (int i = 0; i < waiters; ++i)
      waiting.push_back(std::make_unique<Process>(slipway_run(folder, url)));
    const double leader_ended = leader.wait().ended_s;
    double last = 0;
    for (const auto& each : waiting)
      last = std::max(last, each->wait().ended_s);
    return (last - leader_ended) * 1e3;
  };
  const Outcome outcome = contest({{.name = "slipway", .run = last_launch}}, trials, WarmUp::none);
  return {{.subject = "5 replicas wait for another, the last launch, the worst of 10",
           .unit = "ms",
           .slipway = outcome.figures.front(),
           .other = {.name = "the other's end", .samples = {0}},
           .goal = Goal{.of = Goal::Of::most, .at_most = 100},
           .noisy = outcome.noisy}};
}

}  // namespace slipway::bench
