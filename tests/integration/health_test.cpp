#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <signal.h>

#include "integration/project.h"

// What probes ask, and the wait of those who need the schema and must not migrate. Neither ever writes.

namespace slipway::fixture {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

void expect_unhealthy(const Finished& finished, const std::string& reason) {
  EXPECT_EQ(finished.exit_code, 1) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr(reason));
  EXPECT_EQ(std::ranges::count(finished.err, '\n'), 1) << finished.err;
}

TEST(Health, IsGoodAtTheHeadsAlone) {
  Project project;
  project.write_two_revisions();
  expect_unhealthy(project.run({"health"}), "is at base, 2 behind 002");
  EXPECT_THAT(project.database().rows("SELECT 1 FROM pg_tables WHERE tablename = 'alembic_version'"), IsEmpty());
  ASSERT_EQ(project.run({"upgrade", "001"}).exit_code, 0);
  expect_unhealthy(project.run({"health"}), "is at 001, 1 behind 002");
  ASSERT_EQ(project.run({"upgrade"}).exit_code, 0);
  const Finished finished = project.run({"health"});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("is at 002"));
}

TEST(Health, ForConnectionAsksNeitherTheFolderNorTheLedger) {
  Project project;
  project.write("001_broken.sql", "this is no SQL;");
  EXPECT_EQ(project.run({"health", "--for", "connection"}).exit_code, 0);
}

TEST(Health, ADatabaseAheadIsAsTheSettingSays) {
  Project project;
  project.write_two_revisions();
  ASSERT_EQ(project.run({"upgrade"}).exit_code, 0);
  project.remove("migrations/002_two.sql");
  expect_unhealthy(project.run({"health"}), "is at 002, which the migrations folder does not have");
  EXPECT_EQ(project.run({"health", "--ahead", "allow"}).exit_code, 0);
}

// SLIPWAY_WAIT_TIMEOUT is set for `run` in the same container.
TEST(Health, NeverWaits) {
  Project project;
  project.write_two_revisions();
  project.set("SLIPWAY_WAIT_TIMEOUT", "1h");
  project.set("SLIPWAY_WAIT_GRACE", "1h");
  project.set("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none");
  for (const char* what : {"head", "connection"})
    expect_unhealthy(project.run({"health", "--for", what}), "Connection refused");
  project.set("DATABASE_URL", project.database().server().url("postgres", "postgres", "wrong"));
  expect_unhealthy(project.run({"health"}), "password authentication failed");
}

TEST(Health, WhatIsWrongWithASettingIsNoAnswer) {
  Project project;
  project.write_two_revisions();
  EXPECT_EQ(project.run({"health", "--for", "hed"}).exit_code, 64);
  project.set("DATABASE_URL", project.database().url() + "?sslmode=require");
  EXPECT_EQ(project.run({"health"}).exit_code, 78);
  project.set("DATABASE_URL", "scratch:");
  EXPECT_EQ(project.run({"health"}).exit_code, 78);
}

TEST(Health, TellsProgramsToo) {
  Project project;
  project.write_two_revisions();
  const auto result = [&] { return nlohmann::json::parse(project.run({"health", "--format", "json"}).out); };
  nlohmann::json json = result();
  EXPECT_EQ(json["healthy"], false);
  EXPECT_THAT(json["reason"].get<std::string>(), HasSubstr("is at base"));
  ASSERT_EQ(project.run({"upgrade"}).exit_code, 0);
  json = result();
  EXPECT_EQ(json["healthy"], true);
  EXPECT_TRUE(json["reason"].is_null());
  EXPECT_EQ(json["database"], project.database().name());
  EXPECT_EQ(json["current"], nlohmann::json::array({"002"}));
}

std::size_t count(const std::string& text, const std::string& words) {
  std::size_t found = 0;
  for (std::size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1))
    ++found;
  return found;
}

TEST(WaitForHead, EndsWhenAnotherHasBroughtTheSchemaThere) {
  Project project;
  project.write_two_revisions();
  const auto wait = project.start({"wait", "--for", "head"});
  ASSERT_TRUE(wait->wait_for_err("is at base, 2 behind 002; waiting until another process has migrated it"));
  ASSERT_EQ(project.run({"upgrade", "001"}).exit_code, 0);
  ASSERT_TRUE(wait->wait_for_err("is at 001, 1 behind 002; waiting"));
  EXPECT_TRUE(wait->is_running());
  ASSERT_EQ(project.run({"upgrade"}).exit_code, 0);
  const Finished finished = wait->wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("is at 002"));
  EXPECT_EQ(count(finished.err, "2 behind"), 1U);
  EXPECT_THAT(project.journal(), SizeIs(2));
}

// Who migrates is asked of the server, and its answer may come after the time is up.
TEST(WaitForHead, EndsWhenTheTimeIsUpWhileTheServerIsStillAnswering) {
  Project project;
  project.write_two_revisions();
  project.database().execute(
      "SET allow_system_table_mods = on; CREATE OR REPLACE VIEW pg_catalog.pg_locks AS "
      "SELECT * FROM pg_lock_status() WHERE (SELECT pg_sleep(1)) IS NOT NULL");
  const auto wait = project.start({"wait", "--for", "head", "--wait-timeout", "200ms"});
  const Finished finished = wait->wait(std::chrono::seconds{20});
  EXPECT_EQ(finished.exit_code, 69) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("the timeout has expired"));
}

TEST(WaitForHead, SaysWhoMigrates) {
  Project project;
  project.write_two_revisions();
  project.write("003_slow.sql", "SELECT pg_sleep(3);");
  const auto upgrade = project.start({"upgrade"});
  ASSERT_TRUE(upgrade->wait_for_err("applied 002"));
  const auto wait = project.start({"wait", "--for", "head"});
  EXPECT_TRUE(wait->wait_for_err("another session is migrating; waiting for pid ")) << wait->err();
  EXPECT_EQ(wait->wait().exit_code, 0);
  EXPECT_EQ(upgrade->wait().exit_code, 0);
}

TEST(WaitForHead, NeverMigratesAndGivesUpWith69) {
  Project project;
  project.write_two_revisions();
  const Finished finished = project.run({"wait", "--for", "head", "--wait-timeout", "300ms"});
  EXPECT_EQ(finished.exit_code, 69) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("is at base, 2 behind 002, and the timeout has expired"));
  EXPECT_THAT(project.database().rows("SELECT 1 FROM pg_tables WHERE tablename IN ('one', 'alembic_version')"),
              IsEmpty());
}

TEST(WaitForHead, ASignalEndsItWith128AndItsNumber) {
  Project project;
  project.write_two_revisions();
  const auto wait = project.start({"wait", "--for", "head"});
  ASSERT_TRUE(wait->wait_for_err("waiting until another"));
  wait->signal(SIGTERM);
  EXPECT_EQ(wait->wait().exit_code, 128 + SIGTERM);
}

TEST(WaitForHead, AServerThatGoesAwayMeanwhileIsWaitedFor) {
  Postgres server;
  Project project{server};
  project.write_two_revisions();
  const auto wait = project.start({"wait", "--for", "head"});
  ASSERT_TRUE(wait->wait_for_err("waiting until another"));
  server.stop();
  ASSERT_TRUE(wait->wait_for_err("the connection was lost"));
  server.start();
  ASSERT_EQ(project.run({"upgrade"}).exit_code, 0);
  EXPECT_EQ(wait->wait().exit_code, 0);
}

TEST(WaitForHead, ADatabaseAheadIsFinalUnlessItIsAllowed) {
  Project project;
  project.write_two_revisions();
  ASSERT_EQ(project.run({"upgrade"}).exit_code, 0);
  project.remove("migrations/002_two.sql");
  EXPECT_EQ(project.run({"wait", "--for", "head"}).exit_code, 65);
  EXPECT_EQ(project.run({"wait", "--for", "head", "--ahead", "allow"}).exit_code, 0);
}

// A worker's role may read the ledger, and no more.
TEST(WaitForHead, NeedsTheRightToReadAlone) {
  Project project;
  project.write_two_revisions();
  ASSERT_EQ(project.run({"upgrade"}).exit_code, 0);
  const std::string role = "reader_of_" + project.database().name();
  project.database().execute("CREATE ROLE " + role +
                             " LOGIN PASSWORD 'reader'; GRANT SELECT ON alembic_version, slipway_journal TO " + role);
  project.set("DATABASE_URL", project.database().server().url(project.database().name(), role, "reader"));
  EXPECT_EQ(project.run({"wait", "--for", "head"}).exit_code, 0);
  EXPECT_EQ(project.run({"health"}).exit_code, 0);
  project.database().execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
}

}  // namespace
}  // namespace slipway::fixture
