#include <chrono>
#include <filesystem>
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
  project.write_two_revisions();
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

// Whatever is misspelt, in the image or in a compose file, is told of before it has cost a migration.
class RunOfNothing : public testing::Test {
 protected:
  RunOfNothing() { project.write_two_revisions(); }

  // The application can't be executed, with these options of run's.
  void expect_refused(int exit_code, const std::string& words, std::vector<std::string> options,
                      const std::vector<std::string>& application) {
    options.insert(options.begin(), "run");
    options.emplace_back("--");
    options.insert(options.end(), application.begin(), application.end());
    const Finished run = project.run(options);
    EXPECT_EQ(run.exit_code, exit_code) << run.err;
    EXPECT_THAT(run.err, HasSubstr(words));
    EXPECT_EQ(project.database().value("SELECT to_regclass('alembic_version') IS NULL"), "t") << run.err;
  }

  // A file in the project's folder that can be executed.
  void write_program(const std::string& name, const std::string& text, std::filesystem::perms mode = executable) {
    project.write_file(name, text);
    std::filesystem::permissions(project.folder() / name, mode);
  }

  static constexpr std::filesystem::perms executable{0755};
  Project project;
};

TEST_F(RunOfNothing, MigratesNothing) {
  write_program("windows.sh", "#!/bin/sh\r\necho hello\r\n");
  write_program("missing.py", "#!/usr/bin/no-such-python\nprint()\n");
  for (const char* option : {"--init-group", "--exec"}) {
    expect_refused(127, "'/no/such/application' does not exist", {option}, {"/no/such/application"});
    expect_refused(127, "'uvicron' was not found", {option}, {"uvicron", "app.main:app"});
    expect_refused(126, "'/etc/passwd' can't be executed: it has no execute permission", {option}, {"/etc/passwd"});
    expect_refused(126, "'/etc' can't be executed: it is a folder", {option}, {"/etc"});
    expect_refused(126, "its first line ends in a carriage return", {option}, {"./windows.sh"});
    expect_refused(126, "its interpreter '/usr/bin/no-such-python' does not exist", {option}, {"./missing.py"});
  }
  expect_refused(127, "'uvicron' was not found", {"--no-migrate"}, {"uvicron"});
}

TEST_F(RunOfNothing, IsToldByThePathOfTheApplication) {
  project.set("PATH", "/no/such/folder");
  expect_refused(127, "PATH is /no/such/folder", {}, {"true"});
}

TEST_F(RunOfNothing, IsToldInTheFolderThatSlipwayInitGoesTo) {
  write_program("server", "#!/bin/sh\nexit 5\n");
  project.write_file("elsewhere/file", "");
  expect_refused(127, "'./server' does not exist", {"--init-cwd", "elsewhere"}, {"./server"});
  expect_refused(126, "can't start the application in 'nowhere': No such file or directory", {"--init-cwd", "nowhere"},
                 {"./server"});
  EXPECT_EQ(project.run({"run", "--init-cwd", project.folder(), "--", "./server"}).exit_code, 5);
}

TEST_F(RunOfNothing, IsToldAsTheUserThatTheApplicationRunsAs) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can run it as another user";
  std::filesystem::permissions(project.folder(), std::filesystem::perms{0755});
  write_program("roots", "#!/bin/sh\nexit 5\n", std::filesystem::perms{0700});
  expect_refused(126, "roots' can't be executed: permission denied", {"--user", "nobody"},
                 {(project.folder() / "roots").string()});
  EXPECT_EQ(project.run({"run", "--", (project.folder() / "roots").string()}).exit_code, 5);
  EXPECT_EQ(project.run({"run", "--user", "nobody", "--", "/bin/sh", "-c", "exit 6"}).exit_code, 6);
}

TEST_F(RunOfNothing, IsToldOfSlipwayInitToo) {
  const std::filesystem::path alone = project.folder() / "slipway";
  std::filesystem::copy_file(slipway(), alone);
  const Finished finished = run(alone, {"run", "--", "/bin/true"},
                                {.environment = {{"DATABASE_URL", project.database().url()}, {"PATH", "/bin:/usr/bin"}},
                                 .folder = project.folder(),
                                 .blocked_signals = {}});
  EXPECT_EQ(finished.exit_code, 127);
  EXPECT_THAT(finished.err, HasSubstr("can't hand over to slipway-init: 'slipway-init' was not found"));
  EXPECT_EQ(project.database().value("SELECT to_regclass('alembic_version') IS NULL"), "t");
}

// What can be executed is not held up: a script without "#!", a program that can't be read, one further on in PATH.
TEST_F(RunOfNothing, IsNotToldOfWhatCanBeExecuted) {
  write_program("plain", "exit 5\n");
  EXPECT_EQ(project.run({"run", "--", "./plain"}).exit_code, 5);
  EXPECT_EQ(project.run({"run", "--exec", "--", "./plain"}).exit_code, 5);
  write_program("bin/true", "not for anybody", std::filesystem::perms{0644});
  project.set("PATH", (project.folder() / "bin").string() + ":/bin");
  EXPECT_EQ(project.run({"run", "--", "true"}).exit_code, 0);
  if (::geteuid() != 0) return;
  std::filesystem::permissions(project.folder(), std::filesystem::perms{0755});
  std::filesystem::copy_file("/bin/true", project.folder() / "unreadable");
  std::filesystem::permissions(project.folder() / "unreadable", std::filesystem::perms{0711});
  EXPECT_EQ(project.run({"run", "--user", "nobody", "--", (project.folder() / "unreadable").string()}).exit_code, 0);
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
