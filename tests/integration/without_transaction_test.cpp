#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "integration/project.h"

// Scripts with transaction:false: statement by statement, and never lost from sight.

namespace slipway::fixture {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

void write_index(Project& project) {
  project.write("003_index.sql", "CREATE INDEX CONCURRENTLY one_id ON one (id);\nINSERT INTO audit VALUES ('003');",
                "DROP INDEX CONCURRENTLY one_id;", "transaction:false");
}

TEST(WithoutTransaction, RunsStatementByStatementAndDownAgain) {
  Project project;
  project.write_two_revisions();
  write_index(project);
  project.write("004_vacuum.sql", "VACUUM one;\nALTER SYSTEM SET work_mem = '5MB';\nALTER SYSTEM RESET work_mem;",
                "SELECT 1;", "transaction:false");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_THAT(project.heads(), ElementsAre("004"));
  EXPECT_THAT(project.journal(),
              ElementsAre("001 upgrade done", "002 upgrade done", "003 upgrade done", "004 upgrade done"));
  EXPECT_THAT(project.database().rows("SELECT statements_done FROM slipway_journal WHERE revision > '002' ORDER BY id"),
              ElementsAre("2", "3"));
}

TEST(WithoutTransaction, AsTheFirstRevisionMakesTheLedgerToo) {
  Project project;
  project.write("001_vacuum.sql", "VACUUM;", "SELECT 1;", "transaction:false");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
  EXPECT_THAT(project.heads(), ElementsAre("001"));
}

TEST(WithoutTransaction, AFailedStatementIsWhereTheNextRunGoesOn) {
  Project project;
  project.write_two_revisions();
  project.write("003_two_steps.sql",
                "INSERT INTO audit VALUES ('003 a');\nINSERT INTO missing VALUES (1);\n"
                "INSERT INTO audit VALUES ('003 b');",
                "SELECT 1;", "transaction:false");
  const Finished failed = project.run({"upgrade"});
  EXPECT_EQ(failed.exit_code, 73);
  EXPECT_THAT(failed.err, HasSubstr("003_two_steps.sql:3:"));
  EXPECT_THAT(failed.err, HasSubstr("1 of its 3 statements are done"));
  EXPECT_THAT(project.heads(), ElementsAre("002"));
  project.database().execute("CREATE TABLE missing (id int)");
  const Finished again = project.run({"upgrade"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.err, HasSubstr("going on with the next one"));
  EXPECT_THAT(project.database().rows("SELECT revision FROM audit WHERE revision LIKE '003%' ORDER BY 1"),
              ElementsAre("003 a", "003 b"));
  EXPECT_THAT(project.heads(), ElementsAre("003"));
}

TEST(WithoutTransaction, AFailedIndexBuildLeavesAnInvalidIndexThatTheNextRunReplaces) {
  Project project;
  project.write_two_revisions();
  project.write("003_unique.sql", "CREATE UNIQUE INDEX CONCURRENTLY audit_unique ON audit (revision);", "SELECT 1;",
                "transaction:false");
  project.run({"upgrade", "002"});
  project.database().execute("INSERT INTO audit VALUES ('001')");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 73);
  EXPECT_EQ(project.database().value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'audit_unique'::regclass"),
            "f");
  project.database().execute("DELETE FROM audit");
  const Finished again = project.run({"upgrade"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.err, HasSubstr("dropping the INVALID index public.audit_unique"));
  EXPECT_EQ(project.database().value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'audit_unique'::regclass"),
            "t");
}

TEST(WithoutTransaction, AScriptThatWasCutOffWhereItMayNotBeRepeatedIsLeftToAPerson) {
  Project project;
  project.write_two_revisions();
  project.write("003_slow.sql", "INSERT INTO audit VALUES ('003');\nSELECT pg_sleep(60);", "SELECT 1;",
                "transaction:false");
  const auto cut_off = project.start({"upgrade"});
  while (project.database().value("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == "0")
    std::this_thread::sleep_for(10ms);
  cut_off->signal(SIGKILL);
  cut_off->wait();
  project.database().execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
  const Finished next = project.run({"upgrade"});
  EXPECT_EQ(next.exit_code, 73);
  EXPECT_THAT(next.err, HasSubstr("was cut off after 1 of its 2 statements"));
  EXPECT_THAT(next.err, HasSubstr("slipway resolve 003 --retry"));
  EXPECT_EQ(project.run({"resolve", "003"}).exit_code, 64);
  EXPECT_EQ(project.run({"resolve", "002", "--done"}).exit_code, 64);
  const Finished done = project.run({"resolve", "003", "--done"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(project.heads(), ElementsAre("003"));
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
}

TEST(WithoutTransaction, ResolveRetryRunsItFromItsBeginning) {
  Project project;
  project.write_two_revisions();
  project.write("003_two_steps.sql", "INSERT INTO audit VALUES ('003');\nINSERT INTO missing VALUES (1);", "SELECT 1;",
                "transaction:false");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 73);
  project.write("003_two_steps.sql", "INSERT INTO audit VALUES ('003');", "SELECT 1;", "transaction:false");
  const Finished edited = project.run({"upgrade"});
  EXPECT_EQ(edited.exit_code, 73);
  EXPECT_THAT(edited.err, HasSubstr("its script was edited since"));
  EXPECT_EQ(project.run({"resolve", "003", "--retry"}).exit_code, 0);
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
  EXPECT_EQ(project.database().value("SELECT count(*) FROM audit WHERE revision = '003'"), "2");
}

TEST(WithoutTransaction, AStatementThatNeedsItIsRefusedInATransaction) {
  Project project;
  project.write_two_revisions();
  project.write("003_index.sql", "CREATE INDEX CONCURRENTLY one_id ON one (id);");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 65);
  EXPECT_THAT(upgrade.err, HasSubstr("003_index.sql:2"));
  EXPECT_THAT(upgrade.err, HasSubstr("transaction:false"));
}

}  // namespace
}  // namespace slipway::fixture
