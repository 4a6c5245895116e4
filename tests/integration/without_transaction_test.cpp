
#include <chrono>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "integration/project.h"

// Scripts with transaction:false: statement by statement, and never lost from sight.

namespace slipway::fixture {
namespace {

using testing::Contains;
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
  EXPECT_THAT(again.err, HasSubstr("continuing with the next one"));
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

const std::string asleep =
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";

// Kills slipway and its server process in the script's pg_sleep().
void cut_off_asleep(Project& project) {
  const auto cut_off = project.start({"upgrade"});
  project.wait_until(*cut_off, asleep);
  cut_off->signal(SIGKILL);
  cut_off->wait();
  project.database().execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
}

TEST(WithoutTransaction, AScriptThatWasCutOffWhereItMayNotBeRepeatedIsLeftToAPerson) {
  Project project;
  project.write_two_revisions();
  project.write("003_slow.sql", "INSERT INTO audit VALUES ('003');\nDO $$ BEGIN COMMIT; PERFORM pg_sleep(60); END $$;",
                "SELECT 1;", "transaction:false");
  cut_off_asleep(project);
  EXPECT_THAT(project.journal(), Contains("003 upgrade in doubt"));
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

// The statement was rolled back: there is no doubt about it.
TEST(WithoutTransaction, AScriptThatASignalCancelsIsGoneOnWithByTheNextRun) {
  Project project;
  project.write_two_revisions();
  project.write("003_slow.sql",
                "INSERT INTO audit VALUES ('003');\nDO $$ BEGIN IF (SELECT count(*) = 3 FROM audit) THEN PERFORM "
                "pg_sleep(60); END IF; END $$;",
                "SELECT 1;", "transaction:false");
  const auto run = project.start({"run", "--", "/bin/true"});
  project.wait_until(*run, asleep);
  run->signal(SIGTERM);
  EXPECT_EQ(run->wait().exit_code, 143);
  EXPECT_THAT(project.journal(), Contains("003 upgrade running"));
  project.database().execute("DELETE FROM audit WHERE revision = '001'");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
  EXPECT_EQ(project.database().value("SELECT count(*) FROM audit WHERE revision = '003'"), "1");
}

// What can run in a transaction shares one with its record: that it was cut off leaves no doubt.
TEST(WithoutTransaction, AStatementThatCouldRunInATransactionIsNeverInDoubt) {
  Project project;
  project.write_two_revisions();
  project.write("003_slow.sql",
                "INSERT INTO audit VALUES ('003 a');\nINSERT INTO audit SELECT '003 b' FROM pg_sleep((SELECT CASE WHEN "
                "count(*) = 3 THEN 60 ELSE 0 END FROM audit));\nINSERT INTO audit VALUES ('003 c');",
                "SELECT 1;", "transaction:false");
  cut_off_asleep(project);
  EXPECT_THAT(project.journal(), Contains("003 upgrade running"));
  EXPECT_EQ(project.database().value("SELECT statements_done FROM slipway_journal WHERE revision = '003'"), "1");
  project.database().execute("DELETE FROM audit WHERE revision = '001'");
  const Finished next = project.run({"upgrade"});
  EXPECT_EQ(next.exit_code, 0) << next.err;
  EXPECT_THAT(project.database().rows("SELECT revision FROM audit WHERE revision > '003' ORDER BY 1"),
              ElementsAre("003 a", "003 b", "003 c"));
}

TEST(WithoutTransaction, ABlockThatCommitsByItselfRuns) {
  Project project;
  project.write_two_revisions();
  project.write("003_batches.sql",
                "DO $$ BEGIN FOR i IN 1..3 LOOP INSERT INTO audit VALUES ('003'); COMMIT; END LOOP; END $$;\n"
                "CREATE PROCEDURE batch() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit VALUES ('003'); COMMIT; END "
                "$$;\nCALL batch();",
                "SELECT 1;", "transaction:false");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_EQ(project.database().value("SELECT count(*) FROM audit WHERE revision = '003'"), "4");
}

// Only the server knows that a partitioned table's REINDEX wants no transaction.
TEST(WithoutTransaction, WhatTheServerRefusesInATransactionRunsOutsideOne) {
  Project project;
  project.write("001_parts.sql",
                "CREATE TABLE parts (id int) PARTITION BY RANGE (id);\nCREATE TABLE part PARTITION OF parts FOR VALUES "
                "FROM (1) TO (9);\nCREATE INDEX parts_id ON parts (id);");
  project.write("002_rebuild.sql", "REINDEX TABLE parts;", "SELECT 1;", "transaction:false");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
}

TEST(WithoutTransaction, ATransactionOfTheScriptsOwnIsUndoneAsAWhole) {
  Project project;
  project.write_two_revisions();
  project.write("003_own.sql",
                "INSERT INTO audit VALUES ('003 a');\nBEGIN;\nINSERT INTO audit VALUES ('003 b');\nINSERT INTO missing "
                "VALUES (1);\nCOMMIT;",
                "SELECT 1;", "transaction:false");
  const Finished failed = project.run({"upgrade"});
  EXPECT_EQ(failed.exit_code, 73);
  EXPECT_THAT(failed.err, HasSubstr("003_own.sql:5:"));
  EXPECT_THAT(failed.err, HasSubstr("1 of its 5 statements are done"));
  project.database().execute("CREATE TABLE missing (id int)");
  const Finished again = project.run({"upgrade"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(project.database().rows("SELECT revision FROM audit WHERE revision > '003' ORDER BY 1"),
              ElementsAre("003 a", "003 b"));
}

TEST(WithoutTransaction, TheRecordIsSlipwaysWhateverRoleTheScriptTakes) {
  Project project;
  project.write_two_revisions();
  project.database().execute("CREATE ROLE guest; GRANT CREATE, USAGE ON SCHEMA public TO guest");
  project.write("003_role.sql", "SET ROLE guest;\nCREATE TABLE theirs ();\nVACUUM theirs;", "SELECT 1;",
                "transaction:false");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_EQ(project.database().value("SELECT tableowner FROM pg_tables WHERE tablename = 'theirs'"), "guest");
  project.database().execute("DROP OWNED BY guest; DROP ROLE guest");
}

// A REINDEX CONCURRENTLY that was cut off leaves the index that it was building.
TEST(WithoutTransaction, WhatACutOffRebuildLeftIsDropped) {
  Project project;
  project.write_two_revisions();
  project.write("003_fill.sql",
                "CREATE FUNCTION slowly(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN IF "
                "current_setting('application_name') = 'sleepy' THEN PERFORM pg_sleep(60); END IF; RETURN $1; END $$;\n"
                "INSERT INTO one VALUES (1);\nCREATE INDEX one_slowly ON one (slowly(id));");
  ASSERT_EQ(project.run({"upgrade"}).exit_code, 0);
  project.write("004_rebuild.sql", "REINDEX INDEX CONCURRENTLY one_slowly;", "SELECT 1;", "transaction:false");
  project.set("PGAPPNAME", "sleepy");
  cut_off_asleep(project);
  project.set("PGAPPNAME", "");
  ASSERT_EQ(project.database().value("SELECT count(*) FROM pg_index WHERE NOT indisvalid"), "1");
  const Finished next = project.run({"upgrade"});
  EXPECT_EQ(next.exit_code, 0) << next.err;
  EXPECT_THAT(next.err, HasSubstr("dropping the INVALID index public.one_slowly_ccnew"));
  EXPECT_EQ(project.database().value("SELECT count(*) FROM pg_index WHERE NOT indisvalid"), "0");
}

TEST(WithoutTransaction, AnIndexWithoutANameThatWasCutOffIsLeftToAPerson) {
  Project project;
  project.write_two_revisions();
  project.run({"upgrade"});
  project.database().execute("INSERT INTO audit VALUES ('001')");
  project.write("003_unique.sql", "CREATE UNIQUE INDEX CONCURRENTLY ON audit (revision);", "SELECT 1;",
                "transaction:false");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 73);
  project.database().execute("DELETE FROM audit");
  const Finished next = project.run({"upgrade"});
  EXPECT_EQ(next.exit_code, 73);
  EXPECT_THAT(next.err, HasSubstr("may have left the INVALID index public.audit_revision_idx"));
  project.database().execute("DROP INDEX audit_revision_idx");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
}

// It stands in the way of the statement that failed, and was never slipway's.
TEST(WithoutTransaction, AnIndexOfThatNameThatWasThereBeforeIsNotTakenForTheOneThatWasToBeBuilt) {
  Project project;
  project.write_two_revisions();
  write_index(project);
  project.run({"upgrade", "002"});
  project.database().execute("CREATE INDEX one_id ON one ((id + 1))");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 73);
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 73);
  project.database().execute("DROP INDEX one_id");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
}

TEST(WithoutTransaction, ResolveRetryRunsItFromItsBeginning) {
  Project project;
  project.write_two_revisions();
  project.write("003_two_steps.sql", "INSERT INTO audit VALUES ('003');\nINSERT INTO missing VALUES (1);", "SELECT 1;",
                "transaction:false");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 73);
  project.write("003_two_steps.sql", "INSERT INTO audit SELECT '003';", "SELECT 1;", "transaction:false");
  const Finished edited = project.run({"upgrade"});
  EXPECT_EQ(edited.exit_code, 73);
  EXPECT_THAT(edited.err,
              HasSubstr("failed after 1 of its 2 statements, and a statement that is done was edited since"));
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

// Its wait is in nobody's way, and one that gives up in it leaves a partition half detached.
TEST(DetachPartition, ConcurrentlyHasThePatienceForOthers) {
  Project project;
  if (project.database().server().major_version() < 14) GTEST_SKIP() << "PostgreSQL 14 brought it";
  project.write(
      "001_parted.sql",
      "CREATE TABLE parted (id int) PARTITION BY LIST (id);\nCREATE TABLE part PARTITION OF parted FOR VALUES "
      "IN (1);");
  project.run({"upgrade"});
  project.write("002_detach.sql", "ALTER TABLE parted DETACH PARTITION part CONCURRENTLY;", "SELECT 1;",
                "transaction:false");
  const auto other = project.database().connect();
  pqxx::work reader{*other};
  reader.exec("SELECT * FROM parted");
  const auto upgrade = project.start({"upgrade", "--lock-timeout", "300ms"});
  project.wait_until(*upgrade, "SELECT count(*) FROM pg_inherits WHERE inhdetachpending");
  std::this_thread::sleep_for(std::chrono::seconds{1});
  reader.commit();
  const Finished finished = upgrade->wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_EQ(project.database().value("SELECT count(*) FROM pg_inherits"), "0");
}

}  // namespace
}  // namespace slipway::fixture
