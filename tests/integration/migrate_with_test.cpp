#include <chrono>
#include <functional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "integration/project.h"

// Another tool's migrator under slipway's lock. The invariant: nothing that it has started outlives the lock, whatever
// ends it and whatever its processes do to get away.

namespace slipway::fixture {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST(MigrateWith, RunsAnotherMigratorInPlaceOfSlipways) {
  Project project;
  const Finished run = project.run({"run", "--migrate-with", "echo from the migrator; echo $DATABASE_URL >url; exit 0",
                                    "--", "/bin/echo", "started"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.err, HasSubstr("migrator: from the migrator"));
  EXPECT_EQ(run.out, "started\n");
  EXPECT_EQ(read_file(project.folder() / "url"), project.database().url() + "\n");
}

TEST(MigrateWith, TheMigratorGetsTheDatabaseThatIsTyped) {
  Project project;
  const std::string url = project.database().url();
  for (const char* variable : {"DATABASE_URL", "MIGRATION_DATABASE_URL"})
    project.set(variable, "postgresql://nobody@127.0.0.1:1/none");
  const Finished run = project.run({"run", "--database-url", url, "--migrate-with",
                                    "psql -X -c 'CREATE TABLE one ()' $DATABASE_URL", "--", "/bin/true"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(project.database().value("SELECT to_regclass('one') IS NULL"), "f");
}

TEST(MigrateWith, ItsFailureIsExitCode73) {
  Project project;
  const Finished run = project.run({"run", "--migrate-with", "echo no >&2; exit 5", "--", "/bin/echo", "started"});
  EXPECT_EQ(run.exit_code, 73);
  EXPECT_THAT(run.err, HasSubstr("failed with exit code 5"));
  EXPECT_THAT(run.err, HasSubstr("migrator: no"));
  EXPECT_THAT(run.out, IsEmpty());
}

TEST(MigrateWith, ReplicasRunItOneAfterTheOther) {
  Project project;
  project.set("LOG", (project.folder() / "log").string());
  std::vector<std::unique_ptr<Program>> replicas;
  replicas.reserve(5);
  for (int i = 0; i < 5; ++i)
    replicas.push_back(
        project.start({"run", "--migrate-with", "echo begin >>$LOG; sleep 0.1; echo end >>$LOG", "--", "/bin/true"}));
  for (const auto& replica : replicas)
    EXPECT_EQ(replica->wait().exit_code, 0);
  std::string expected;
  for (int i = 0; i < 5; ++i)
    expected += "begin\nend\n";
  EXPECT_EQ(read_file(project.folder() / "log"), expected);
}

TEST(MigrateWith, ASignalEndsTheMigratorToo) {
  Project project;
  const auto run = project.start({"run", "--migrate-with",
                                  "trap 'echo told to stop; exit 1' TERM; echo up; while :; do sleep 0.05; done", "--",
                                  "/bin/echo", "started"});
  ASSERT_TRUE(run->wait_for_err("migrator: up"));
  run->signal(SIGTERM);
  const Finished finished = run->wait();
  EXPECT_EQ(finished.exit_code, 143);
  EXPECT_THAT(finished.err, HasSubstr("told to stop"));
  EXPECT_THAT(finished.out, IsEmpty());
}

TEST(MigrateWith, ASignalEndsAMigratorThatWritesWithoutAPause) {
  Project project;
  const auto run = project.start({"run", "--migrate-with", "echo up; exec yes", "--", "/bin/echo", "started"});
  ASSERT_TRUE(run->wait_for_err("migrator: up"));
  run->signal(SIGTERM);
  EXPECT_EQ(run->wait().exit_code, 143);
}

// Another replica's may begin as soon as the lock is free.
TEST(MigrateWith, AMigratorWhoseLockIsLostIsStopped) {
  Project project;
  const auto run = project.start({"run", "--migrate-with",
                                  "trap 'echo told to stop; exit 1' TERM; echo up; while :; do sleep 0.05; done", "--",
                                  "/bin/echo", "started"});
  ASSERT_TRUE(run->wait_for_err("migrator: up"));
  project.database().execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'");
  const Finished finished = run->wait();
  EXPECT_EQ(finished.exit_code, 69) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("told to stop"));
  EXPECT_THAT(finished.err, HasSubstr("the connection that held the lock was lost"));
}

// The lock is gone with slipway, and another replica's may begin.
TEST(MigrateWith, AMigratorWhoseSlipwayIsKilledEnds) {
  Project project;
  const auto run =
      project.start({"run", "--migrate-with", "trap 'exit 1' TERM; echo pid $$; while :; do sleep 0.05; done", "--",
                     "/bin/echo", "started"});
  ASSERT_TRUE(run->wait_for_err("migrator: pid "));
  const std::string log = run->err();
  const pid_t migrator = std::stoi(log.substr(log.find("migrator: pid ") + 14));
  run->signal(SIGKILL);
  run->wait();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (::kill(migrator, 0) == 0 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  EXPECT_NE(::kill(migrator, 0), 0);
}

// A migrator's processes, by what they say of themselves: "NAME PID" in the log.
pid_t pid_of(const std::string& name, Program& run) {
  const std::string words = "migrator: " + name + " ";
  if (!run.wait_for_err(words)) throw std::runtime_error{"there is no " + name + ": " + run.err()};
  const std::string log = run.err();
  return std::stoi(log.substr(log.find(words) + words.size()));
}

bool is_running(pid_t process) {
  return ::kill(process, 0) == 0;
}

bool comes_true(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return true;
}

// A shell that ends at once by SIGTERM, below it one that takes its time, and a daemon that has left session and group.
constexpr auto stubborn =
    "setsid sh -c '(sh -c \"echo daemon \\$\\$; exec sleep 600\" &)'\n"
    "sh -c 'trap \"sleep 1; exit\" TERM; echo slow $$; while :; do sleep 0.05; done'; true";

class StubbornMigrator : public testing::Test {
 protected:
  std::unique_ptr<Program> start() {
    auto run = project_.start({"run", "--migrate-with", stubborn, "--", "/bin/echo", "started"});
    slow_ = pid_of("slow", *run);
    daemon_ = pid_of("daemon", *run);
    return run;
  }
  bool holds_the_lock() const {
    return project_.database().value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") != "0";
  }
  void expect_nothing_runs() const {
    EXPECT_FALSE(is_running(slow_));
    EXPECT_FALSE(is_running(daemon_));
  }

  Project project_;
  pid_t slow_ = 0;
  pid_t daemon_ = 0;
};

TEST_F(StubbornMigrator, HasEndedWhenASignalHasEndedSlipway) {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    const auto run = start();
    run->signal(signal);
    const Finished finished = run->wait();
    EXPECT_EQ(finished.exit_code, 128 + signal) << finished.err;
    expect_nothing_runs();
    EXPECT_THAT(finished.out, IsEmpty());
  }
}

TEST_F(StubbornMigrator, HasEndedWhenSlipwayEndsBecauseItsLockWasLost) {
  const auto run = start();
  project_.database().execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'");
  const Finished finished = run->wait();
  EXPECT_EQ(finished.exit_code, 69) << finished.err;
  expect_nothing_runs();
}

TEST_F(StubbornMigrator, HoldsTheLockForAsLongAsItLivesWhenSlipwayIsKilled) {
  const auto run = start();
  run->signal(SIGKILL);
  EXPECT_EQ(run->wait().exit_code, 128 + SIGKILL);
  EXPECT_TRUE(comes_true([&] { return !holds_the_lock(); }));
  expect_nothing_runs();
}

// It has done its work, and what it has left would go on beside the application, without the lock.
TEST(MigrateWith, WhatTheMigratorLeavesBehindIsEndedBeforeTheLaunch) {
  Project project;
  const std::string migrator =
      "setsid sh -c 'echo daemon $$; while :; do sleep 0.05; done' & "
      "sh -c 'echo child $$; exec sleep 600' & sleep 0.5";
  const auto run = project.start({"run", "--migrate-with", migrator, "--", "/bin/echo", "started"});
  const pid_t daemon = pid_of("daemon", *run);
  const pid_t child = pid_of("child", *run);
  const Finished finished = run->wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_EQ(finished.out, "started\n");
  EXPECT_FALSE(is_running(daemon));
  EXPECT_FALSE(is_running(child));
}

}  // namespace
}  // namespace slipway::fixture
