#include <optional>
#include <random>
#include <regex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "fault/mixed_project.h"
#include "fixture/gate.h"

// Many replicas at one instant.

namespace slipway::fixture {
namespace {

using namespace std::chrono_literals;

std::string three_digits(int number) {
  const std::string digits = std::to_string(number);
  return std::string(3 - digits.size(), '0') + digits;
}

// Three of them without a transaction.
void write_forty_revisions(Project& project) {
  project.write_two_revisions();
  for (int i = 3; i <= 40; ++i) {
    const std::string id = three_digits(i);
    const bool alone = i % 13 == 0;
    std::string script = alone ? "CREATE INDEX CONCURRENTLY i# ON two ((id + #));" : "CREATE TABLE t# (id int);";
    script.append("\nINSERT INTO audit VALUES ('#');");
    project.write(id + "_more.sql", std::regex_replace(script, std::regex{"#"}, id), "SELECT 1;",
                  alone ? "transaction:false" : "");
  }
}

// A third of them is killed on the way; all others launch.
TEST(Crowd, AHundredReplicasOfWhichAThirdIsKilledApplyEachRevisionOnce) {
  const int replica_count = all_faults() ? 100 : 30;
  Project project;
  write_forty_revisions(project);
  const unsigned seed = std::random_device{}();
  std::mt19937 random{seed};
  std::cout << "seed " << seed << "\n";
  std::vector<std::unique_ptr<Program>> replicas;
  replicas.reserve(static_cast<std::size_t>(replica_count));
  for (int i = 0; i < replica_count; ++i)
    replicas.push_back(
        project.start({"run", "--lock-wait", "10min", "--wait-timeout", "5min", "--", "/bin/echo", "started"}));
  for (int i = 0; i < replica_count; i += 3) {
    std::this_thread::sleep_for(std::chrono::milliseconds{std::uniform_int_distribution{0, 60}(random)});
    replicas[static_cast<std::size_t>(i)]->signal(SIGKILL);
  }
  for (std::size_t i = 0; i < replicas.size(); ++i) {
    const Finished replica = replicas[i]->wait(300s);
    if (i % 3 == 0 && replica.exit_code == 137) continue;
    EXPECT_EQ(replica.exit_code, 0) << replica.err;
    EXPECT_EQ(replica.out, "started\n");
  }
  EXPECT_EQ(project.database().value("SELECT count(*) || ' ' || count(DISTINCT revision) FROM audit"), "40 40");
  EXPECT_EQ(project.database().value("SELECT count(*) || ' ' || count(DISTINCT revision) FROM slipway_journal"),
            "40 40");
  EXPECT_EQ(project.heads(), std::vector<std::string>{"040"});
  EXPECT_EQ(project.database().value("SELECT count(*) FROM pg_index WHERE NOT indisvalid"), "0");
}

constexpr int base_gate = 1;
constexpr int index_gate = 2;

// Each row takes the index build some milliseconds, so that the whole lasts as long as is wanted.
void write_slow_index(Project& project) {
  const int rows = all_faults() ? 1000 : 150;
  project.write("002_slow.sql",
                "CREATE FUNCTION slowly(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM "
                "pg_advisory_xact_lock_shared(" +
                    std::to_string(index_gate) +
                    "), pg_sleep(0.01); RETURN $1; END $$;\nCREATE TABLE many AS SELECT generate_series(1, " +
                    std::to_string(rows) + ") AS id;\nINSERT INTO audit VALUES ('002');");
  std::string script;
  for (const char* number : {"1", "2", "3"})
    script.append("CREATE INDEX CONCURRENTLY many").append(number).append(" ON many (slowly(id));\n");
  project.write("003_index.sql", script + "INSERT INTO audit VALUES ('003');", "SELECT 1;",
                "transaction:false lock_timeout:0");
}

// A leader that the gates hold up until the waiters are there.
class Waiters : public testing::Test {
 protected:
  Waiters() {
    project.write("001_base.sql",
                  "CREATE TABLE audit (revision text);\nSELECT pg_advisory_xact_lock_shared(" +
                      std::to_string(base_gate) + ");\nINSERT INTO audit VALUES ('001');",
                  "SELECT 1;", "lock_timeout:0");
    write_slow_index(project);
  }

  void start_leader_up_to(int key) {
    gate.emplace(project.database(), key);
    leader = project.start(run);
    project.wait_until(*leader, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
  }

  void add_waiters() {
    for (int i = 0; i < 20; ++i)
      waiters.push_back(project.start(run));
    for (const auto& waiter : waiters)
      ASSERT_TRUE(waiter->wait_for_err("another session is migrating; waiting for pid")) << waiter->err();
    gate.reset();
  }

  void expect_all_done() {
    EXPECT_EQ(leader->wait(120s).exit_code, 0) << leader->err();
    for (const auto& waiter : waiters)
      EXPECT_EQ(waiter->wait(120s).exit_code, 0) << waiter->err();
    EXPECT_EQ(project.database().value("SELECT count(*) || ' ' || count(DISTINCT revision) FROM audit"), "3 3");
    EXPECT_EQ(project.database().value("SELECT count(*) FROM pg_index WHERE NOT indisvalid"), "0");
  }

  const std::vector<std::string> run{"run", "--", "/bin/echo", "started"};
  Project project;
  std::optional<Gate> gate;
  std::unique_ptr<Program> leader;
  std::vector<std::unique_ptr<Program>> waiters;
};

TEST_F(Waiters, ThatWereThereBeforeAnIndexIsBuiltConcurrentlyAreNotInItsWay) {
  start_leader_up_to(base_gate);
  add_waiters();
  expect_all_done();
}

TEST_F(Waiters, ThatComeWhileAnIndexIsBuiltConcurrentlyAreNotInItsWay) {
  start_leader_up_to(index_gate);
  add_waiters();
  expect_all_done();
}

}  // namespace
}  // namespace slipway::fixture
