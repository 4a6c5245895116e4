#include "fixture/proxy.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "fault/mixed_project.h"

// The conversation with the server is cut after every message of a whole run, in both directions, by a reset and by
// silence. What was begun is then finished: by the same run where it is told, by a new one where it is not.

namespace slipway::fixture {
namespace {

using namespace std::chrono_literals;

using Direction = Proxy::Direction;
using Cut = Proxy::Cut;

std::string url_of(const MixedProject& project, const Proxy& proxy) {
  return "postgresql://" + std::string{Postgres::superuser} + ":" + std::string{Postgres::password} +
         "@127.0.0.1:" + std::to_string(proxy.port()) + "/" + project.database().name() +
         "?sslmode=disable&gssencmode=disable";
}

const std::vector<std::string> upgrade{"upgrade", "--wait-timeout", "60s"};

// How many messages a run has that nothing disturbs.
int messages(Direction direction) {
  MixedProject project;
  const Proxy proxy{project.database().server().port(), {}};
  project.set("DATABASE_URL", url_of(project, proxy));
  const Finished run = project.run(upgrade);
  EXPECT_EQ(run.exit_code, 0) << run.err;
  return proxy.messages(direction);
}

void cut(const Proxy::Plan& plan) {
  MixedProject project;
  const Proxy proxy{project.database().server().port(), plan};
  project.set("DATABASE_URL", url_of(project, proxy));
  const auto run = project.start(upgrade);
  if (plan.cut == Cut::silence) {
    while (!proxy.has_cut() && run->is_running())
      std::this_thread::sleep_for(1ms);
    // What a person does, or an orchestrator.
    run->signal(SIGKILL);
    run->wait();
    const Finished next = project.run(upgrade);
    ASSERT_EQ(next.exit_code, 0) << next.err;
  } else {
    const Finished finished = run->wait();
    ASSERT_EQ(finished.exit_code, 0) << finished.err;
  }
  ASSERT_TRUE(proxy.has_cut() || plan.cut == Cut::silence);
  ASSERT_EQ(project.state(), MixedProject::expected_state());
}

// A run of its own is the short form for every message that stands at one of these places.
constexpr int shards = 4;
constexpr int short_form_keeps = 11;

class CutAfterEveryMessage : public testing::TestWithParam<std::tuple<Direction, Cut, int>> {};

TEST_P(CutAfterEveryMessage, LosesNothing) {
  const auto [direction, how, shard] = GetParam();
  const int last = messages(direction);
  const int step = all_faults() ? shards : shards * short_form_keeps;
  int faults = 0;
  for (int after = 1 + shard; after <= last; after += step) {
    SCOPED_TRACE("after message " + std::to_string(after) + " of " + std::to_string(last));
    cut({.direction = direction, .cut = how, .after = after});
    if (HasFatalFailure()) return;
    ++faults;
  }
  RecordProperty("faults", faults);
  std::cout << faults << " faults\n";
}

std::string name_of(const testing::TestParamInfo<std::tuple<Direction, Cut, int>>& info) {
  const auto [direction, how, shard] = info.param;
  return std::string{how == Cut::reset ? "reset" : "silence"} +
         (direction == Direction::to_server ? "_to_the_server_" : "_to_the_client_") + std::to_string(shard + 1);
}

INSTANTIATE_TEST_SUITE_P(Proxy, CutAfterEveryMessage,
                         testing::Combine(testing::Values(Direction::to_server, Direction::to_client),
                                          testing::Values(Cut::reset, Cut::silence), testing::Range(0, shards)),
                         name_of);

}  // namespace
}  // namespace slipway::fixture
