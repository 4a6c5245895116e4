#include <cstddef>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "fixture/gate.h"
#include "integration/project.h"

// Replicas that start together apply each revision once, and all launch.

namespace slipway::fixture {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr int replica_count = 20;

std::vector<Finished> run_together(Project& project) {
  std::vector<std::unique_ptr<Program>> replicas;
  replicas.reserve(replica_count);
  for (int i = 0; i < replica_count; ++i)
    replicas.push_back(project.start({"run", "--", "/bin/echo", "started"}));
  std::vector<Finished> finished;
  finished.reserve(replica_count);
  for (const auto& replica : replicas)
    finished.push_back(replica->wait(180s));
  return finished;
}

void expect_all_started(const std::vector<Finished>& replicas) {
  for (const Finished& replica : replicas) {
    EXPECT_EQ(replica.exit_code, 0) << replica.err;
    EXPECT_EQ(replica.out, "started\n");
  }
}

TEST(Replicas, ApplyEachRevisionOnceOnAnEmptyDatabase) {
  Project project;
  project.write_two_revisions();
  for (int i = 3; i <= 9; ++i) {
    const std::string id = "00" + std::to_string(i);
    std::string script = "CREATE TABLE t";
    script.append(id).append(" ();\nINSERT INTO audit VALUES ('").append(id).append("');");
    project.write(id + "_more.sql", script);
  }
  expect_all_started(run_together(project));
  EXPECT_THAT(project.heads(), ElementsAre("009"));
  EXPECT_EQ(project.database().value("SELECT count(*) || ' ' || count(DISTINCT revision) FROM audit"), "9 9");
  EXPECT_EQ(project.database().value("SELECT count(*) FROM slipway_journal"), "9");
}

TEST(Replicas, WaitForManyRevisionsOfAnotherWithoutATurnForEach) {
  Project project;
  project.write("001_first.sql", "SELECT 1;");
  ASSERT_EQ(project.run({"upgrade"}).exit_code, 0);
  for (int i = 102; i <= 121; ++i)
    project.write(std::to_string(i) + "_slow.sql", "SELECT pg_sleep(0.1);");
  const auto leader = project.start({"upgrade"});
  project.wait_until(*leader, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
  const Finished waiter = project.run({"upgrade"});
  EXPECT_EQ(leader->wait().exit_code, 0) << leader->err();
  EXPECT_EQ(waiter.exit_code, 0) << waiter.err;
  std::size_t times = 0;
  for (std::size_t at = 0; (at = waiter.err.find("another session is migrating", at)) != std::string::npos; ++at)
    ++times;
  EXPECT_GE(times, 1U) << waiter.err;
  EXPECT_LE(times, 5U) << waiter.err;  // it may look between two commits, when nobody has the lock
}

TEST(Replicas, ApplyEachRevisionOnceAlsoWithAnIndexBuiltConcurrently) {
  Project project;
  project.write_two_revisions();
  project.write("003_fill.sql", "INSERT INTO one SELECT generate_series(1, 50000);\nINSERT INTO audit VALUES ('003');");
  project.write("004_index.sql",
                "CREATE INDEX CONCURRENTLY one_twice ON one ((id * 2));\nINSERT INTO audit VALUES ('004');",
                "DROP INDEX CONCURRENTLY one_twice;", "transaction:false");
  project.write("005_after.sql", "INSERT INTO audit VALUES ('005');");
  expect_all_started(run_together(project));
  EXPECT_THAT(project.heads(), ElementsAre("005"));
  EXPECT_EQ(project.database().value("SELECT count(*) || ' ' || count(DISTINCT revision) FROM audit"), "5 5");
  EXPECT_EQ(project.database().value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'one_twice'::regclass"), "t");
}

TEST(Replicas, AtHeadTakeNoLockAndWriteNothing) {
  Project project;
  project.write_two_revisions();
  project.run({"upgrade"});
  const auto other = project.database().connect();
  pqxx::work holder{*other};
  // What a migration that is under way holds: a lock on the ledger's rows and the advisory locks, all of them.
  holder.exec("LOCK TABLE alembic_version, slipway_journal IN ROW EXCLUSIVE MODE");
  expect_all_started(run_together(project));
}

TEST(Replicas, AWaiterSaysForWhomItWaitsAndGoesOnWithTheLeadersWork) {
  Project project;
  project.write_two_revisions();
  project.write("003_slow.sql", "INSERT INTO audit VALUES ('003');\nSELECT pg_sleep(2);");
  const auto leader = project.start({"run", "--", "/bin/echo", "started"});
  ASSERT_TRUE(leader->wait_for_err("applied 002"));
  const auto waiter = project.start({"run", "--", "/bin/echo", "started"});
  EXPECT_TRUE(waiter->wait_for_err("another session is migrating; waiting for pid"));
  EXPECT_EQ(leader->wait().exit_code, 0);
  const Finished finished = waiter->wait();
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_THAT(finished.err, HasSubstr("applied by another session"));
  EXPECT_EQ(project.database().value("SELECT count(*) FROM audit WHERE revision = '003'"), "1");
}

// --lock-wait is the wait for the other replica. That for the server comes before it, and may be the longer one.
TEST(Replicas, AWaiterHasAllOfItsLockWaitAfterItsWaitForTheServer) {
  constexpr int key = 7;
  Project project;
  const std::string role = project.database().name() + "_late";
  project.database().execute("CREATE ROLE " + role + " LOGIN; GRANT ALL ON SCHEMA public TO " + role);
  auto gate = std::make_unique<Gate>(project.database(), key);
  project.write("001_slow.sql", "SELECT pg_advisory_xact_lock_shared(" + std::to_string(key) +
                                    ");\nGRANT ALL ON ALL TABLES IN SCHEMA public TO " + role + ";");
  const auto leader = project.start({"upgrade"});
  project.wait_until(*leader, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory'");

  project.set("DATABASE_URL", project.database().server().url(project.database().name(), role, "none"));
  const auto waiter =
      project.start({"upgrade", "--wait-timeout", "60s", "--wait-grace", "60s", "--lock-wait", "1500ms"});
  ASSERT_TRUE(waiter->wait_for_err("waiting for PostgreSQL")) << waiter->err();
  std::this_thread::sleep_for(2s);
  project.database().execute("ALTER ROLE " + role + " PASSWORD 'none'");
  ASSERT_TRUE(waiter->wait_for_err("another session is migrating; waiting for")) << waiter->err();
  gate.reset();
  EXPECT_EQ(leader->wait().exit_code, 0) << leader->err();
  EXPECT_EQ(waiter->wait().exit_code, 0) << waiter->err();
  project.database().execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
}

TEST(Replicas, WhoseTargetsDifferWaitForEachOther) {
  Project project;
  project.write("001_slow.sql",
                "CREATE TABLE audit (revision text);\nSELECT pg_sleep(1);\nINSERT INTO audit VALUES ('001');");
  project.write("002_slow.sql", "SELECT pg_sleep(2);\nINSERT INTO audit VALUES ('002');");
  project.write("003_slow.sql", "SELECT pg_sleep(1);\nINSERT INTO audit VALUES ('003');", "SELECT 1;",
                "transaction:false");
  project.write("004_last.sql", "INSERT INTO audit VALUES ('004');");
  ASSERT_EQ(project.run({"ensure-version"}).exit_code, 0);
  const auto leader = project.start({"upgrade", "003"});
  project.wait_until(*leader, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
  const auto nearer = project.start({"upgrade", "001"});
  const auto farther = project.start({"upgrade", "head"});

  const Finished first = nearer->wait();
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.err, AllOf(HasSubstr("another session is migrating"), Not(HasSubstr("applied 001"))));
  EXPECT_EQ(leader->wait().exit_code, 0) << leader->err();
  const Finished last = farther->wait();
  EXPECT_EQ(last.exit_code, 0) << last.err;
  EXPECT_THAT(last.err, AllOf(HasSubstr("another session is migrating"), HasSubstr("applied 004"),
                              Not(HasSubstr("applied 003"))));
  EXPECT_EQ(project.database().value("SELECT string_agg(revision, ' ') FROM audit"), "001 002 003 004");
}

TEST(Replicas, AWaiterTakesOverWhenTheLeaderIsKilled) {
  Project project;
  project.write_two_revisions();
  project.run({"upgrade"});
  project.write("003_slow.sql",
                "INSERT INTO audit VALUES ('003');\nSELECT pg_sleep(CASE WHEN (SELECT count(*) FROM pg_stat_activity "
                "WHERE application_name = 'sleepy') > 0 THEN 60 ELSE 0 END);");
  project.set("PGAPPNAME", "sleepy");
  const auto leader = project.start({"run", "--", "/bin/echo", "started"});
  while (project.database().value("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == "0")
    std::this_thread::sleep_for(10ms);
  project.set("PGAPPNAME", "");
  const auto waiter = project.start({"run", "--", "/bin/echo", "started"});
  ASSERT_TRUE(waiter->wait_for_err("waiting for pid"));
  leader->signal(SIGKILL);
  // The server notices that its client is gone when it next writes to it; a network would tell it in time.
  project.database().execute(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sleepy'");
  EXPECT_EQ(waiter->wait().exit_code, 0);
  EXPECT_EQ(project.database().value("SELECT count(*) FROM audit WHERE revision = '003'"), "1");
}

TEST(Replicas, DowngradesThatRaceAreCountedOnce) {
  Project project;
  project.write_two_revisions();
  project.write("003_three.sql", "CREATE TABLE three ();", "SELECT pg_sleep(1);\nDROP TABLE three;");
  project.run({"upgrade"});
  const auto first = project.start({"downgrade"});
  const auto second = project.start({"downgrade"});
  EXPECT_EQ(first->wait().exit_code, 0) << first->err();
  EXPECT_EQ(second->wait().exit_code, 0) << second->err();
  EXPECT_THAT(project.heads(), ElementsAre("002"));
}

}  // namespace
}  // namespace slipway::fixture
