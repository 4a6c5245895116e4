// How it ends: a stop that takes too long, and what the application leaves behind.

#include <chrono>
#include <filesystem>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "fixture/program.h"
#include "init/supervised.h"

namespace slipway {
namespace {

using fixture::probe;
using fixture::slipway_init;
using fixture::Supervised;
using fixture::SupervisedOptions;
using testing::HasSubstr;
using testing::Not;
using Namespace = SupervisedOptions::Namespace;

constexpr const char* stubborn = "trap '' TERM INT QUIT; (trap '' TERM; echo ready; sleep 60) & sleep 60; sleep 60";

class Stopping : public testing::TestWithParam<Namespace> {
 protected:
  void SetUp() override {
    if (GetParam() != Namespace::none && !fixture::can_make_namespaces()) GTEST_SKIP() << "no PID namespaces here";
  }
  SupervisedOptions here() const { return {.pid_namespace = GetParam()}; }
};

TEST_P(Stopping, past_the_stop_timeout_it_is_killed) {
  Supervised program{{slipway_init(), "-s", "--stop-timeout=50ms", "/bin/sh", "-c", stubborn}, here()};
  ASSERT_TRUE(program.wait_for_out("ready\n"));
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(), 137);
  EXPECT_THAT(program.err(), HasSubstr("the stop timeout has passed: sent SIGKILL\n"));
}

TEST_P(Stopping, the_stop_signal_starts_the_time_too) {
  Supervised program{{slipway_init(), "-s", "--stop-signal=QUIT", "--stop-timeout=50ms", "/bin/sh", "-c", stubborn},
                     here()};
  ASSERT_TRUE(program.wait_for_out("ready\n"));
  program.signal(SIGQUIT);
  EXPECT_EQ(program.wait(), 137);
}

TEST_P(Stopping, no_other_signal_starts_it) {
  Supervised program{{slipway_init(), "-s", "--stop-timeout=1ms", "-r", "TERM:0", probe(), "signals"}, here()};
  ASSERT_TRUE(program.wait_for_out("ready\n"));
  program.signal(SIGINT);
  program.signal(SIGTERM);
  EXPECT_TRUE(program.wait_for_out("\n2\n"));
  program.signal(SIGUSR1);
  EXPECT_TRUE(program.wait_for_out("\n10\n"));
}

TEST_P(Stopping, an_application_that_obeys_is_not_killed) {
  Supervised program{{slipway_init(), "-s", "--stop-timeout=60s", probe(), "signals"}, here()};
  ASSERT_TRUE(program.wait_for_out("ready\n"));
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(), 0);
  EXPECT_EQ(program.err(), "");
}

TEST_P(Stopping, what_obeys_sigterm_is_not_waited_for_longer) {
  Supervised program{{slipway_init(), "-s", "-v", "--linger=1d", probe(), "orphans", "3", "obey"}, here()};
  EXPECT_EQ(program.wait(), 3);
  EXPECT_THAT(program.err(), HasSubstr("which was ended by SIGTERM"));
  EXPECT_THAT(program.err(), Not(HasSubstr("SIGKILL")));
}

TEST_P(Stopping, what_ignores_sigterm_is_killed_after_lingering) {
  Supervised program{{slipway_init(), "-s", "-v", "--linger=50ms", probe(), "orphans", "3", "stay"}, here()};
  EXPECT_EQ(program.wait(), 3);
  EXPECT_THAT(program.err(), HasSubstr("processes remain after lingering: sending them SIGKILL\n"));
  EXPECT_THAT(program.err(), HasSubstr("which was ended by SIGKILL"));
}

// One process that forks the next, on and on: whoever is being forked while the others are killed is killed too.
TEST_P(Stopping, what_is_forked_while_the_rest_is_killed_is_killed_too) {
  const fixture::TempFolder folder;
  const std::filesystem::path alive = folder.write("alive", "");
  std::filesystem::permissions(alive, std::filesystem::perms{0666});
  const std::string script =
      "trap '' TERM; next() { (printf . >>\"$0\"; sleep 0.001; next) & }; next; next; next; exit 3";
  Supervised program{{slipway_init(), "-s", "-v", "--linger=50ms", "/bin/sh", "-c", script, alive.string()}, here()};
  EXPECT_EQ(program.wait(), 3);
  EXPECT_THAT(program.err(), HasSubstr("sending them SIGKILL"));
  const std::string last_seen = fixture::read_file(alive);
  EXPECT_NE(last_seen, "");
  std::this_thread::sleep_for(std::chrono::milliseconds{100});
  EXPECT_EQ(fixture::read_file(alive), last_seen);
}

TEST_P(Stopping, without_lingering_it_ends_at_once) {
  Supervised program{{slipway_init(), "-s", "-v", "--linger=0", "/bin/sh", "-c", "(sleep 1 &); exit 4"}, here()};
  EXPECT_EQ(program.wait(), 4);
  EXPECT_THAT(program.err(), Not(HasSubstr("processes remain")));
}

TEST_P(Stopping, a_stopped_process_that_is_left_gets_its_sigterm) {
  Supervised program{{slipway_init(), "-s", "--linger=1d", "/bin/sh", "-c", "sleep 60 & kill -STOP $!; exit 2"},
                     here()};
  EXPECT_EQ(program.wait(), 2);
}

TEST_P(Stopping, the_session_ends_with_its_leader) {
  const fixture::TempFolder folder;
  const std::string script =
      "(trap 'echo told; exit' TERM; : >\"$0\"; while :; do sleep 0.01; done) & "
      "while [ ! -e \"$0\" ]; do sleep 0.01; done; exit 6";
  Supervised program{{slipway_init(), "-s", "--setsid", "--linger=0", "/bin/sh", "-c", script, folder.path() / "ready"},
                     here()};
  EXPECT_EQ(program.wait(), 6);
  if (GetParam() == Namespace::none) {
    EXPECT_TRUE(program.wait_for_out("told\n"));
  }
}

INSTANTIATE_TEST_SUITE_P(Here, Stopping, testing::Values(Namespace::none, Namespace::pid));

TEST(StoppingWithoutProc, pid_1_needs_none) {
  if (!fixture::can_make_namespaces()) GTEST_SKIP() << "no PID namespaces here";
  if (!fixture::runs_without_proc) GTEST_SKIP() << "needs /proc itself";
  Supervised program{{slipway_init(), "-v", "--linger=50ms", probe(), "orphans", "3", "stay"},
                     {.pid_namespace = Namespace::pid_without_proc}};
  EXPECT_EQ(program.wait(), 3);
  EXPECT_THAT(program.err(), HasSubstr("which was ended by SIGKILL"));
}

// It goes on with the SIGTERM pending, and so does nothing else first.
TEST(StoppingAlone, a_stopped_process_of_the_session_is_told_too) {
  const std::string script =
      "sh -c 'trap \"echo told; exit\" TERM; kill -STOP $$; echo went on' & "
      "until grep -q '^State:.T' /proc/$!/status; do sleep 0.01; done; exit 6";
  Supervised program{{slipway_init(), "--setsid", "/bin/sh", "-c", script}};
  EXPECT_EQ(program.wait(), 6);
  EXPECT_TRUE(program.wait_for_out("told\n"));
  EXPECT_EQ(program.out(), "told\n");
}

// Neither PID 1 nor a subreaper: what the application leaves is somebody else's.
TEST(StoppingAlone, what_is_left_is_left) {
  Supervised program{{slipway_init(), "/bin/sh", "-c", "(sleep 0.2; echo still there) & exit 4"}};
  EXPECT_EQ(program.wait(), 4);
  EXPECT_TRUE(program.wait_for_out("still there\n"));
}

}  // namespace
}  // namespace slipway
