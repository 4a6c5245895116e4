#include "wait/ready.h"

#include <chrono>
#include <future>
#include <thread>

#include <libpq-fe.h>

#include "input/folder.h"
#include "input/server.h"
#include "input/tool.h"

namespace slipway::bench {
namespace {

using namespace std::chrono_literals;

constexpr auto not_ready_for = 5s;
constexpr int trials = 20;

// When the server first accepts, to a millisecond.
double accepts_at(const std::string& url) {
  while (PQping(url.c_str()) != PQPING_OK)
    std::this_thread::sleep_for(1ms);
  return now_s();
}

}  // namespace

std::vector<Row> ready_after_a_while() {
  Server server;
  const fixture::Database database{server.postgres()};
  const fixture::TempFolder folder;
  write_empty_revisions(folder, 2);
  const std::string url = server.url(Server::Way::tcp, database.name());
  run(slipway_upgrade(folder, url));
  const std::string own_url = server.postgres().own_url(database.name());
  const auto late = [&] {
    server.postgres().stop();
    Process waiting{slipway_run(folder, url)};
    std::this_thread::sleep_for(not_ready_for);
    auto accepted = std::async(std::launch::async, [&] { return accepts_at(own_url); });
    server.postgres().start();
    const double accepted_at = accepted.get();
    return (waiting.wait().ended_s - accepted_at) * 1e3;
  };
  const Outcome outcome = contest({{.name = "slipway", .run = late}}, trials, WarmUp::none);
  return {{.subject = "ready after 5 s, the worst launch of 20",
           .unit = "ms",
           .slipway = outcome.figures.front(),
           .other = {.name = "the moment it accepts", .samples = {0}},
           .goal = Goal{.of = Goal::Of::most, .at_most = 150},
           .noisy = outcome.noisy}};
}

}  // namespace slipway::bench
