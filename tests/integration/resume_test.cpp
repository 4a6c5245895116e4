#include <optional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "fixture/gate.h"
#include "integration/project.h"

// A script without a transaction that failed or was cut off: what the next run may take for granted, and what it may
// not.

namespace slipway::fixture {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Resumed : public testing::Test {
 protected:
  Resumed() { project.write_two_revisions(); }

  void write_alone(const std::string& script) {
    project.write("003_alone.sql", script, "SELECT 1;", "transaction:false");
  }
  std::string count(const std::string& revision) const {
    return project.database().value("SELECT count(*) FROM audit WHERE revision = '" + revision + "'");
  }
  Project project;
};

TEST_F(Resumed, ABlockThatCommittedBeforeItFailedIsLeftToAPerson) {
  write_alone("DO $$ BEGIN INSERT INTO audit VALUES ('003'); COMMIT; LOCK TABLE one; END $$;");
  project.run({"upgrade", "002"});
  const auto connection = project.database().connect();
  pqxx::work holder{*connection};
  holder.exec("SELECT FROM one");
  const Finished failed = project.run({"upgrade", "--lock-timeout", "200ms"});
  EXPECT_EQ(failed.exit_code, 73) << failed.err;
  EXPECT_THAT(failed.err, HasSubstr("commits by itself, and failed: canceling statement due to lock timeout"));
  EXPECT_THAT(project.journal(), Contains("003 upgrade in doubt"));
  holder.commit();
  const Finished next = project.run({"upgrade"});
  EXPECT_EQ(next.exit_code, 73) << next.err;
  EXPECT_THAT(next.err, HasSubstr("slipway resolve 003 --retry"));
  EXPECT_EQ(count("003"), "1");
}

TEST_F(Resumed, ABlockThatCommittedBeforeASignalIsLeftToAPerson) {
  write_alone("DO $$ BEGIN INSERT INTO audit VALUES ('003'); COMMIT; PERFORM pg_sleep(60); END $$;");
  const auto run = project.start({"run", "--", "/bin/true"});
  project.wait_until(*run,
                     "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = "
                     "'PgSleep'");
  run->signal(SIGTERM);
  EXPECT_EQ(run->wait().exit_code, 143);
  EXPECT_THAT(project.journal(), Contains("003 upgrade in doubt"));
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 73);
  EXPECT_EQ(count("003"), "1");
}

TEST_F(Resumed, AScriptThatIsEditedToRunInATransactionIsLeftToAPerson) {
  project.run({"upgrade"});
  project.database().execute("INSERT INTO audit VALUES ('001')");
  write_alone("INSERT INTO audit VALUES ('003');\nCREATE UNIQUE INDEX CONCURRENTLY audit_unique ON audit (revision);");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 73);
  project.write("003_alone.sql", "INSERT INTO audit VALUES ('003');\nCREATE INDEX audit_unique ON audit (revision);");
  const Finished edited = project.run({"upgrade"});
  EXPECT_EQ(edited.exit_code, 73) << edited.err;
  EXPECT_THAT(edited.err, HasSubstr("failed after 1 of its 2 statements, and its script was changed to run in a "
                                    "transaction"));
  EXPECT_EQ(count("003"), "1");
  project.database().execute("DELETE FROM audit WHERE revision = '003'; DROP INDEX audit_unique");
  EXPECT_EQ(project.run({"resolve", "003", "--retry"}).exit_code, 0);
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
  EXPECT_THAT(project.heads(), ElementsAre("003"));
}

TEST_F(Resumed, WhatTheScriptHadSetIsSetAgain) {
  project.database().execute("CREATE SCHEMA billing; CREATE TABLE billing.inv (i int); CREATE TABLE inv (i int)");
  write_alone(
      "SET search_path TO billing;\nSELECT pg_catalog.set_config('work_mem', '7MB', false);\nINSERT INTO missing "
      "VALUES "
      "(1);\nINSERT INTO inv SELECT 42 WHERE current_setting('work_mem') = '7MB';");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 73);
  project.database().execute("CREATE TABLE billing.missing (i int)");
  const Finished next = project.run({"upgrade"});
  EXPECT_EQ(next.exit_code, 0) << next.err;
  EXPECT_EQ(project.database().value("SELECT count(*) FROM billing.inv"), "1");
  EXPECT_EQ(project.database().value("SELECT count(*) FROM public.inv"), "0");
}

TEST_F(Resumed, WhatWasGoneWithTheSessionIsLeftToAPerson) {
  write_alone(
      "CREATE TEMP TABLE left_over AS SELECT '003' AS id;\nINSERT INTO missing VALUES (1);\n"
      "INSERT INTO audit SELECT id FROM left_over;");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 73);
  project.database().execute("CREATE TABLE missing (i int)");
  const Finished next = project.run({"upgrade"});
  EXPECT_EQ(next.exit_code, 73);
  EXPECT_THAT(next.err, HasSubstr("003_alone.sql:2"));
  EXPECT_THAT(next.err, HasSubstr("was lost with its session"));
}

TEST_F(Resumed, AnInvalidIndexIsNotTakenForTheOneThatIsWanted) {
  project.run({"upgrade"});
  project.database().execute("INSERT INTO audit VALUES ('001')");
  const std::string index = "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS audit_unique ON audit (revision);";
  write_alone(index);
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 73);
  write_alone("DELETE FROM audit;\n" + index);
  EXPECT_EQ(project.run({"resolve", "003", "--retry"}).exit_code, 0);
  const Finished next = project.run({"upgrade"});
  EXPECT_EQ(next.exit_code, 0) << next.err;
  EXPECT_EQ(project.database().value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'audit_unique'::regclass"),
            "t");
}

// To the older image the revision that is under way is what is ahead.
TEST_F(Resumed, WhatIsUnderWayIsNotCutOffToAnOlderImage) {
  project.run({"upgrade"});
  write_alone("SELECT pg_advisory_xact_lock_shared(7);");
  std::optional<Gate> gate{std::in_place, project.database(), 7};
  const auto upgrade = project.start({"upgrade", "--lock-timeout", "0"});
  project.wait_until(*upgrade, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
  Project older{project.database().server()};
  older.write_two_revisions();
  older.set("DATABASE_URL", project.database().url());
  EXPECT_EQ(older.run({"run", "--ahead", "allow", "--", "/bin/true"}).exit_code, 0);
  EXPECT_EQ(older.run({"health", "--ahead", "allow"}).exit_code, 0);
  const Finished refused = older.run({"run", "--", "/bin/true"});
  EXPECT_EQ(refused.exit_code, 65);
  EXPECT_THAT(refused.err, HasSubstr("the upgrade of 003, which the migrations folder does not have"));
  gate.reset();
  EXPECT_EQ(upgrade->wait().exit_code, 0) << upgrade->err();
}

// A build waits for old snapshots with a lock in hand that is in nobody's way.
TEST_F(Resumed, ABuildInNobodysWayWaitsLongerThanTheLockTimeout) {
  project.run({"upgrade"});
  project.database().execute("CREATE TABLE elsewhere (); INSERT INTO one VALUES (1)");
  write_alone(
      "CREATE INDEX CONCURRENTLY one_id ON one (id);\nINSERT INTO audit VALUES "
      "('003 ' || current_setting('lock_timeout'));");
  const auto connection = project.database().connect();
  pqxx::transaction<pqxx::repeatable_read> reader{*connection};
  reader.exec("SELECT FROM elsewhere");
  const auto upgrade = project.start({"upgrade", "--lock-timeout", "300ms"});
  ASSERT_TRUE(upgrade->wait_for_err("blocked by pid")) << upgrade->err();
  std::this_thread::sleep_for(1s);
  reader.commit();
  const Finished finished = upgrade->wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_THAT(finished.err, Not(HasSubstr("trying again")));
  EXPECT_EQ(count("003 300ms"), "1");
}

TEST_F(Resumed, AScriptThatGivesTheLockAwayIsFoundOut) {
  write_alone("SELECT pg_advisory_unlock_all();\nINSERT INTO audit VALUES ('003');");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 73);
  EXPECT_THAT(upgrade.err, HasSubstr("released the lock"));
  EXPECT_EQ(count("003"), "0");
  EXPECT_EQ(project.run({"resolve", "003", "--retry"}).exit_code, 0);
  write_alone("DISCARD ALL;");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 65);
}

}  // namespace
}  // namespace slipway::fixture
