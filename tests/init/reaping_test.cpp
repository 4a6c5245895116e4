// Orphans are reaped, at once and however many; the application's status is never mistaken for theirs.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>

#include "fixture/program.h"
#include "init/supervised.h"

namespace slipway {
namespace {

using fixture::probe;
using fixture::slipway_init;
using fixture::Supervised;
using fixture::SupervisedOptions;
using testing::HasSubstr;
using Namespace = SupervisedOptions::Namespace;

class Reaping : public testing::TestWithParam<Namespace> {
 protected:
  void SetUp() override {
    if (GetParam() != Namespace::none && !fixture::can_make_namespaces()) GTEST_SKIP() << "no PID namespaces here";
    if (GetParam() == Namespace::pid_without_proc && !fixture::runs_without_proc) GTEST_SKIP() << "needs /proc itself";
  }
  SupervisedOptions here() const { return {.pid_namespace = GetParam()}; }
};

TEST_P(Reaping, all_orphans_that_end_together) {
  Supervised program{{slipway_init(), "-s", probe(), "burst", "500"}, here()};
  EXPECT_EQ(program.wait(), 0);
  EXPECT_EQ(program.out(), "all reaped\n");
  EXPECT_EQ(program.err(), "");
}

TEST_P(Reaping, the_exit_code_is_not_an_orphans) {
  Supervised program{{slipway_init(), "-s", "/bin/sh", "-c",
                      "for i in 1 2 3 4 5 6 7 8 9; do (sleep 0.05; exit 9) & (exit 8) & done; sleep 0.05; exit 5"},
                     here()};
  EXPECT_EQ(program.wait(), 5);
}

TEST_P(Reaping, each_orphan_is_warned_of_on_request) {
  Supervised program{{slipway_init(), "-s", "-w", probe(), "orphans", "3", "end"}, here()};
  EXPECT_EQ(program.wait(), 3);
  EXPECT_THAT(program.err(), HasSubstr("slipway-init: reaped orphan "));
  EXPECT_THAT(program.err(), HasSubstr(", which ended with exit code 0\n"));
}

INSTANTIATE_TEST_SUITE_P(Here, Reaping, testing::Values(Namespace::none, Namespace::pid, Namespace::pid_without_proc));

TEST(ReapingAlone, without_being_pid_1_or_a_subreaper_it_warns_once) {
  const auto finished = fixture::run(slipway_init(), {"/bin/sh", "-c", "(sleep 0.01 &); sleep 0.1"});
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_EQ(finished.err,
            "slipway-init: not PID 1, so orphans will not be reaped: run it as PID 1 or give --subreaper (-s)\n");
}

TEST(ReapingAlone, one_that_is_a_subreaper_already_does_not_warn) {
  Supervised program{{slipway_init(), "/bin/true"},
                     {.before_exec = [] { ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }}};
  EXPECT_EQ(program.wait(), 0);
  EXPECT_EQ(program.err(), "");
}

TEST(ReapingAlone, the_application_is_no_subreaper) {
  Supervised program{{slipway_init(), "-s", slipway_init(), "/bin/true"}};
  EXPECT_EQ(program.wait(), 0);
  EXPECT_THAT(program.err(), HasSubstr("orphans will not be reaped"));
}

}  // namespace
}  // namespace slipway
