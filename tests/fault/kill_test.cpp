#include <random>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "fault/mixed_project.h"

// slipway, its server process or the whole server are killed at random instants of a run. What was begun is then
// finished, and each revision has happened exactly once.

namespace slipway::fixture {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int shards = 4;

class Killed : public testing::TestWithParam<int> {
 protected:
  Killed() { std::cout << "seed " << seed_ << "\n"; }

  // From the start of a run to a little after its usual end.
  std::chrono::microseconds some_time() {
    return std::chrono::microseconds{std::uniform_int_distribution<std::int64_t>{0, usual_.count() * 11 / 10}(random_)};
  }

  void measure(Postgres& server = shared_postgres()) {
    MixedProject project{server};
    const auto start = Clock::now();
    ASSERT_EQ(project.run(upgrade).exit_code, 0);
    usual_ = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
  }

  const std::vector<std::string> upgrade{"upgrade", "--wait-timeout", "60s"};

 private:
  unsigned seed_ = std::random_device{}();
  std::mt19937 random_{seed_};
  std::chrono::microseconds usual_{};
};

TEST_P(Killed, slipway_itself) {
  measure();
  const int faults = (all_faults() ? 1000 : 200) / shards;
  for (int fault = 0; fault < faults; ++fault) {
    MixedProject project;
    const auto run = project.start(upgrade);
    std::this_thread::sleep_for(some_time());
    run->signal(SIGKILL);
    run->wait();
    const Finished next = project.run(upgrade);
    ASSERT_EQ(next.exit_code, 0) << next.err << "\nafter fault " << fault << " in\n" << run->err();
    ASSERT_EQ(project.state(), MixedProject::expected_state()) << "after fault " << fault;
  }
  std::cout << faults << " faults\n";
}

TEST_P(Killed, its_server_process) {
  measure();
  const int faults = (all_faults() ? 400 : 40) / shards;
  for (int fault = 0; fault < faults; ++fault) {
    MixedProject project;
    const auto run = project.start(upgrade);
    std::this_thread::sleep_for(some_time());
    project.database().execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
        "pg_backend_pid()");
    const Finished finished = run->wait();
    ASSERT_EQ(finished.exit_code, 0) << finished.err;
    ASSERT_EQ(project.state(), MixedProject::expected_state()) << "after fault " << fault;
  }
  std::cout << faults << " faults\n";
}

// With asynchronous commits before the last one: a crash may take back whole revisions, from the last one on.
TEST_P(Killed, the_whole_server) {
  Postgres server;
  measure(server);
  const int faults = (all_faults() ? 100 : 8) / shards;
  for (int fault = 0; fault < faults; ++fault) {
    MixedProject project{server};
    const auto run = project.start(upgrade);
    std::this_thread::sleep_for(some_time());
    server.stop();
    server.start();
    const Finished finished = run->wait();
    ASSERT_EQ(finished.exit_code, 0) << finished.err;
    ASSERT_EQ(project.state(), MixedProject::expected_state(server)) << "after fault " << fault;
  }
  std::cout << faults << " faults\n";
}

INSTANTIATE_TEST_SUITE_P(Kill, Killed, testing::Range(0, shards));

}  // namespace
}  // namespace slipway::fixture
