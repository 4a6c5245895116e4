#include <chrono>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "integration/project.h"

// `slipway run`: what happens before the application starts, and what the application then gets.

namespace slipway::fixture {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(Run, MigratesThenBecomesTheApplicationsInit) {
  Project project;
  project.write_two_revisions();
  const Finished run = project.run({"run", "--", "/bin/sh", "-c", "echo started; exit 7"});
  EXPECT_EQ(run.exit_code, 7) << run.err;
  EXPECT_EQ(run.out, "started\n");
  EXPECT_THAT(project.heads(), ElementsAre("002"));
}

TEST(Run, TakesTheCommandWithoutDashesToo) {
  Project project;
  project.write_two_revisions();
  const Finished run = project.run({"run", "--lock-timeout", "2s", "/bin/echo", "--log-level", "-x"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, "--log-level -x\n");
}

TEST(Run, ExecBecomesTheApplicationItself) {
  Project project;
  project.write_two_revisions();
  const auto run = project.start({"run", "--exec", "--", "/bin/sh", "-c", "echo $$"});
  const pid_t pid = run->pid();
  EXPECT_EQ(run->wait().out, std::to_string(pid) + "\n");
}

TEST(Run, NoMigrateOnlyWaits) {
  Project project;
  project.write_two_revisions();
  EXPECT_EQ(project.run({"run", "--no-migrate", "--", "/bin/true"}).exit_code, 0);
  EXPECT_EQ(project.database().value("SELECT to_regclass('alembic_version') IS NULL"), "t");
}

TEST(Run, TheExitCodeIsTheApplications) {
  Project project;
  project.write_two_revisions();
  EXPECT_EQ(project.run({"run", "--", "/bin/sh", "-c", "kill -TERM $$"}).exit_code, 143);
  EXPECT_EQ(project.run({"run", "--", "/no/such/application"}).exit_code, 127);
  EXPECT_EQ(project.run({"run", "--", "/etc/passwd"}).exit_code, 126);
  EXPECT_EQ(project.run({"run", "--exec", "--", "/no/such/application"}).exit_code, 127);
  EXPECT_EQ(project.run({"run", "--exec", "--", "/etc/passwd"}).exit_code, 126);
}

TEST(Run, DoesNotStartTheApplicationWhenAMigrationFails) {
  Project project;
  project.write("001_bad.sql", "SELECT 1/0;");
  const Finished run = project.run({"run", "--", "/bin/echo", "started"});
  EXPECT_EQ(run.exit_code, 73);
  EXPECT_THAT(run.out, IsEmpty());
}

TEST(Run, TheApplicationDoesNotGetThePrivilegedUrl) {
  Project project;
  project.write_two_revisions();
  const std::string privileged = project.database().url();
  project.database().execute("CREATE ROLE app_role LOGIN PASSWORD 'app'");
  project.set("DATABASE_URL", project.database().server().url(project.database().name(), "app_role", "app"));
  project.set("MIGRATION_DATABASE_URL", privileged);
  const Finished run = project.run({"run", "--", "/usr/bin/env"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("DATABASE_URL=postgresql://app_role:app@"));
  EXPECT_THAT(run.out, Not(HasSubstr("MIGRATION_DATABASE_URL")));
  EXPECT_THAT(run.out, Not(HasSubstr(std::string{Postgres::password})));
  EXPECT_THAT(project.heads(), ElementsAre("002"));
  project.database().execute("DROP ROLE app_role");
}

TEST(Run, TheApplicationGetsTheSignalMaskThatSlipwayWasStartedWith) {
  Project project;
  project.write_two_revisions();
  const Finished run = project.run({"run", "--", "/bin/grep", "SigBlk", "/proc/self/status"});
  EXPECT_EQ(run.out, "SigBlk:\t0000000000000000\n");
}

TEST(Run, TheApplicationIgnoresTheSignalsThatSlipwayWasStartedIgnoring) {
  Project project;
  project.write_two_revisions();
  for (const char* option : {"--init-group", "--exec"}) {
    ::signal(SIGUSR1, SIG_IGN);
    ::signal(SIGPIPE, SIG_DFL);
    const Finished run = project.run({"run", option, "--", "/bin/grep", "SigIgn", "/proc/self/status"});
    ::signal(SIGUSR1, SIG_DFL);
    EXPECT_EQ(run.out, "SigIgn:\t0000000000000200\n") << run.err;
  }
}

TEST(Run, PassesOptionsOnToTheInit) {
  Project project;
  project.write_two_revisions();
  EXPECT_EQ(project.run({"run", "--init-remap-exit", "7:3", "--init-cwd=/", "--", "/bin/sh", "-c", "pwd; exit 7"}).out,
            "/\n");
  EXPECT_EQ(project.run({"run", "--init-remap-exit", "7:3", "--", "/bin/sh", "-c", "exit 7"}).exit_code, 3);
  EXPECT_EQ(project.run({"run", "--exec", "--init-group", "--", "/bin/true"}).exit_code, 64);
}

TEST(Run, ABadOptionForTheInitIsToldBeforeAnythingIsMigrated) {
  Project project;
  project.write_two_revisions();
  const Finished run = project.run({"run", "--init-rewrite", "TERM:NONSENSE", "--", "/bin/true"});
  EXPECT_EQ(run.exit_code, 64);
  EXPECT_THAT(run.err, HasSubstr("NONSENSE"));
  EXPECT_EQ(project.database().value("SELECT to_regclass('alembic_version') IS NULL"), "t");
}

TEST(Run, AnUnknownUserIsToldBeforeAnythingIsMigrated) {
  Project project;
  project.write_two_revisions();
  const Finished run = project.run({"run", "--user", "nosuch", "--", "/bin/true"});
  EXPECT_EQ(run.exit_code, 64);
  EXPECT_THAT(run.err, HasSubstr("there is no user 'nosuch'"));
  EXPECT_EQ(project.database().value("SELECT to_regclass('alembic_version') IS NULL"), "t");
}

TEST(Run, ExecLeavesNoInitForAVariableEither) {
  Project project;
  project.set("SLIPWAY_INIT_USER", "nobody");
  const Finished run = project.run({"run", "--exec", "--", "/bin/echo", "started"});
  EXPECT_EQ(run.exit_code, 64);
  EXPECT_THAT(run.err, HasSubstr("--exec can't be combined with SLIPWAY_INIT_USER"));
  EXPECT_THAT(run.out, IsEmpty());
}

TEST(Run, TheApplicationRunsAsTheUserThatIsAskedFor) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  Project project;
  project.write_two_revisions();
  const Finished run = project.run({"run", "--user", "nobody", "--", "/usr/bin/id", "-un"});
  EXPECT_EQ(run.out, "nobody\n") << run.err;
}

TEST(Run, ASignalWhileItWaitsEndsItAtOnce) {
  Project project;
  project.set("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none");
  const auto run = project.start({"run", "--", "/bin/echo", "started"});
  ASSERT_TRUE(run->wait_for_err("waiting for PostgreSQL"));
  run->signal(SIGTERM);
  const Finished finished = run->wait();
  EXPECT_EQ(finished.exit_code, 143);
  EXPECT_THAT(finished.err, HasSubstr("stopped by SIGTERM"));
  EXPECT_THAT(finished.out, IsEmpty());
}

TEST(Run, ASignalWhileAStatementRunsCancelsItAndRollsBack) {
  Project project;
  project.write_two_revisions();
  project.write("003_slow.sql", "CREATE TABLE three ();\nSELECT pg_sleep(60);");
  const auto run = project.start({"run", "--", "/bin/echo", "started"});
  ASSERT_TRUE(run->wait_for_err("applied 002"));
  while (project.database().value("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == "0")
    std::this_thread::sleep_for(10ms);
  run->signal(SIGINT);
  EXPECT_EQ(run->wait(20s).exit_code, 130);
  EXPECT_EQ(project.database().value("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"), "0");
  EXPECT_THAT(project.heads(), ElementsAre("002"));
  EXPECT_EQ(project.database().value("SELECT to_regclass('three') IS NULL"), "t");
}

TEST(Run, AStatementTimeoutIsTheSettingsAndNotTheRoles) {
  Project project;
  project.database().execute("ALTER DATABASE " + project.database().name() + " SET statement_timeout = '100ms'");
  project.write("001_slow.sql", "SELECT pg_sleep(0.5);");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
  project.write("002_slow.sql", "SELECT pg_sleep(5);", "SELECT 1;", "statement_timeout:100ms");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 73);
}

TEST(Scratch, IsThereAgainForTheNextCommandAtOnce) {
  Project project;
  project.write_two_revisions();
  project.set("DATABASE_URL", "scratch:" + (project.folder() / "kept").string());
  EXPECT_EQ(project.run({"run", "--exec", "--", "/bin/true"}).exit_code, 0);
  const Finished current = project.run({"current"});
  EXPECT_EQ(current.exit_code, 0) << current.err;
  EXPECT_THAT(current.out, HasSubstr("002"));
}

TEST(Scratch, GivesTheApplicationADatabaseOfItsOwn) {
  Project project;
  project.write_two_revisions();
  project.set("DATABASE_URL", "scratch:");
  const Finished run = project.run(
      {"run", "--", "/bin/sh", "-c", "psql -X -A -t -c 'SELECT version_num FROM alembic_version' \"$DATABASE_URL\""});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, "002\n");
}

}  // namespace
}  // namespace slipway::fixture
