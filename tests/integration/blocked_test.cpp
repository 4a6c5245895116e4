#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "integration/project.h"

// Locks of other sessions: who is in the way is said, live traffic comes first, and nobody is ended unasked.

namespace slipway::fixture {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Blocked : public testing::Test {
 protected:
  Blocked() {
    project.write_two_revisions();
    project.run({"upgrade"});
    project.write("003_alter.sql", "ALTER TABLE one ADD COLUMN more text;\nINSERT INTO audit VALUES ('003');");
    holder.exec("SET application_name = 'the reader'; SELECT *, 'a secret' FROM one");
  }

  Project project;
  std::unique_ptr<pqxx::connection> other = project.database().connect();
  pqxx::work holder{*other};
};

TEST_F(Blocked, ASignalCancelsAndRollsBack) {
  const auto run = project.start({"run", "--lock-timeout", "60s", "--", "/bin/echo", "started"});
  ASSERT_TRUE(run->wait_for_err("blocked by pid"));
  run->signal(SIGTERM);
  EXPECT_EQ(run->wait(20s).exit_code, 143);
  EXPECT_EQ(project.database().value("SELECT count(*) FROM pg_locks WHERE NOT granted"), "0");
}

TEST_F(Blocked, AStatementGivesWayAndIsTriedAgain) {
  const auto upgrade = project.start({"upgrade", "--lock-timeout", "500ms"});
  ASSERT_TRUE(upgrade->wait_for_err("canceling statement due to lock timeout, blocked by pid"));
  EXPECT_TRUE(upgrade->wait_for_err("; rolled back, trying again"));
  EXPECT_THAT(upgrade->err(), HasSubstr("the reader"));
  EXPECT_THAT(upgrade->err(), HasSubstr("idle in transaction"));
  EXPECT_THAT(upgrade->err(), Not(HasSubstr("a secret")));
  holder.commit();
  EXPECT_EQ(upgrade->wait().exit_code, 0);
  EXPECT_EQ(project.database().value("SELECT count(*) FROM audit WHERE revision = '003'"), "1");
}

TEST_F(Blocked, GivesUpWith75WhenALockIsNotObtainedInTime) {
  const Finished upgrade = project.run({"upgrade", "--lock-timeout", "100ms", "--lock-wait", "1s"});
  EXPECT_EQ(upgrade.exit_code, 75) << upgrade.err;
  EXPECT_THAT(upgrade.err, HasSubstr("--lock-wait"));
}

TEST_F(Blocked, TheMarkersLockTimeoutIsUsed) {
  project.write("003_alter.sql", "ALTER TABLE one ADD COLUMN more text;", "SELECT 1;", "lock_timeout:50ms");
  EXPECT_EQ(project.run({"upgrade", "--lock-timeout", "60s", "--lock-wait", "1s"}).exit_code, 75);
}

TEST_F(Blocked, ByASessionThatIsIdleInATransactionEndsItWhereThatIsAskedFor) {
  const Finished upgrade =
      project.run({"upgrade", "--lock-timeout", "500ms", "--kill-blockers", "idle-in-transaction:2s"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_THAT(upgrade.err, HasSubstr("ended because of --kill-blockers: pid"));
  EXPECT_THAT(project.heads(), ElementsAre("003"));
  EXPECT_EQ(project.database().value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'the reader'"),
            "0");
}

TEST_F(Blocked, ByASessionThatWorksEndsNobody) {
  std::thread worker{[&] { holder.exec("SELECT pg_sleep(6)"); }};
  const Finished upgrade = project.run(
      {"upgrade", "--lock-timeout", "500ms", "--lock-wait", "4s", "--kill-blockers", "idle-in-transaction:1s"});
  worker.join();
  EXPECT_EQ(upgrade.exit_code, 75) << upgrade.err;
  EXPECT_THAT(upgrade.err, Not(HasSubstr("ended, as")));
  EXPECT_EQ(holder.exec("SELECT 1").size(), 1U);
}

// The server shows the first kilobyte of a statement alone, and strings can be written in many ways.
TEST(Blocking, TellsNoConstantOfAnothersStatement) {
  const std::string secret = "5ecret";
  for (const std::string& constant :
       {"'" + secret + std::string(2000, 'x') + "'", "E'it\\'s " + secret + "'", "$q1$" + secret + "$q1$",
        "/* don't */ '" + secret + "'", std::string{"1234567890"}}) {
    Project project;
    project.write_two_revisions();
    project.run({"upgrade"});
    project.write("003_alter.sql", "ALTER TABLE one ADD COLUMN more text;");
    const auto other = project.database().connect();
    pqxx::work holder{*other};
    holder.exec("SELECT *, " + constant + " AS constant FROM one");
    const Finished upgrade = project.run({"upgrade", "--lock-timeout", "300ms", "--lock-wait", "1s"});
    EXPECT_EQ(upgrade.exit_code, 75);
    EXPECT_THAT(upgrade.err, HasSubstr("SELECT *, ")) << constant;
    EXPECT_THAT(upgrade.err, Not(HasSubstr(secret))) << constant;
    EXPECT_THAT(upgrade.err, Not(HasSubstr("1234567890")));
  }
}

TEST(Blocking, WhomToEndHasToBeSaid) {
  Project project;
  for (const char* wrong : {"30s", "idle:30s", "idle-in-transaction:soon", "everybody"}) {
    const Finished upgrade = project.run({"upgrade", "--kill-blockers", wrong});
    EXPECT_EQ(upgrade.exit_code, 64) << wrong;
    EXPECT_THAT(upgrade.err, HasSubstr("write idle-in-transaction:30s"));
  }
}

// The index's expression takes its time for each row.
void write_slow_index(Project& project) {
  project.write_two_revisions();
  project.write("003_slow.sql",
                "CREATE FUNCTION slowly(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM "
                "pg_sleep(0.002); RETURN $1; END $$;\nINSERT INTO one SELECT generate_series(1, 3000);");
  project.write("004_index.sql", "CREATE INDEX CONCURRENTLY one_slowly ON one (slowly(id));", "SELECT 1;",
                "transaction:false");
}

TEST(LongOperation, ShowsItsPhaseAndHowFarItIs) {
  Project project;
  write_slow_index(project);
  const Finished shown = run("/usr/bin/script", {"-qec", slipway().string() + " upgrade", "/dev/null"},
                             {.environment = {{"DATABASE_URL", project.database().url()}, {"TERM", "xterm"}},
                              .folder = project.folder(),
                              .blocked_signals = {}});
  EXPECT_EQ(shown.exit_code, 0) << shown.out;
  // The terminal has 80 columns.
  EXPECT_THAT(shown.out, testing::ContainsRegex("applying 004 index: [0-9]+ %, building index: scanning table .CREATE "
                                                "INDEX [A-Z ]* … [0-9.]+ s"));
}

TEST(LongOperation, IsLookedAtOverASecondConnectionThatAShortOneDoesNotOpen) {
  Project project;
  project.write_two_revisions();
  project.database().execute("ALTER SYSTEM SET log_connections = on");
  project.database().execute("SELECT pg_reload_conf()");
  const auto connections = [&] {
    const std::string log = read_file(project.database().server().log());
    const std::string line =
        "connection authorized: user=postgres database=" + project.database().name() + " application_name=counted";
    std::size_t count = 0;
    for (std::size_t at = 0; (at = log.find(line, at)) != std::string::npos; ++at)
      ++count;
    return count;
  };
  project.set("PGAPPNAME", "counted");
  project.run({"upgrade"});
  EXPECT_EQ(connections(), 1U);
  project.write("003_long.sql", "SELECT pg_sleep(3);");
  project.run({"upgrade"});
  EXPECT_EQ(connections(), 3U);
  project.database().execute("ALTER SYSTEM RESET log_connections");
  project.database().execute("SELECT pg_reload_conf()");
}

}  // namespace
}  // namespace slipway::fixture
