// What the application gets, when slipway becomes slipway-init and when it becomes the application itself.

#include "process/launch.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "error/error.h"
#include "fixture/program.h"
#include "fixture/temp_folder.h"
#include "init/supervised.h"
#include "process/signals.h"

namespace slipway {
namespace {

using fixture::probe;
using fixture::Supervised;
using fixture::SupervisedOptions;
using fixture::TempFolder;
using testing::HasSubstr;
using Namespace = SupervisedOptions::Namespace;

constexpr const char* by_init = "init=--subreaper";
constexpr const char* by_exec = "exec";

class Launched : public testing::TestWithParam<const char*> {
 protected:
  static std::vector<std::string> command(std::vector<std::string> rest, const std::string& launcher = LAUNCHER) {
    rest.insert(rest.begin(), {launcher, GetParam()});
    return rest;
  }
  static bool has_init() { return GetParam() != std::string_view{by_exec}; }
};

INSTANTIATE_TEST_SUITE_P(By, Launched, testing::Values(by_init, by_exec),
                         [](const auto& info) { return info.param == std::string_view{by_exec} ? "exec" : "init"; });

std::string hexadecimal(const std::vector<int>& signals) {
  std::uint64_t bits = 0;
  for (const int signal : signals)
    bits |= SignalSet::of(signal).bits();
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016lx", bits);
  return text.data();
}

// SIGTERM and SIGHUP are among those that slipway blocks for itself meanwhile.
TEST_P(Launched, with_the_mask_and_dispositions_that_slipway_was_started_with) {
  const std::vector<int> blocked{SIGHUP, SIGUSR2, SIGTERM, SIGCHLD, SIGRTMIN};
  const std::vector<int> ignored{SIGINT, SIGQUIT, SIGPIPE, SIGCHLD, SIGRTMAX};
  Supervised program{command({"--", probe(), "state"}), {.blocked = blocked, .ignored = ignored}};
  EXPECT_EQ(program.wait(), 0) << program.err();
  EXPECT_THAT(program.out(), HasSubstr("blocked " + hexadecimal(blocked) + "\nignored " + hexadecimal(ignored) + "\n"));
}

TEST_P(Launched, with_nothing_blocked_or_ignored_otherwise) {
  Supervised program{command({"--", probe(), "state"})};
  EXPECT_EQ(program.wait(), 0) << program.err();
  EXPECT_THAT(program.out(), HasSubstr("blocked 0000000000000000\nignored 0000000000000000\n"));
}

// Between slipway's last look and the exec.
TEST_P(Launched, with_the_signal_that_has_arrived_meanwhile) {
  for (const int signal : {SIGTERM, SIGINT, SIGQUIT, SIGHUP}) {
    Supervised program{command({"raise=" + std::to_string(signal), "--", "/bin/sleep", "60"})};
    EXPECT_EQ(program.wait(), 128 + signal) << program.err();
  }
}

TEST_P(Launched, with_the_descriptors_that_slipway_was_given_and_none_of_its_own) {
  Supervised program{command({"--", probe(), "state"}), {.before_exec = [] {
                       ::close_range(3, ~0U, 0);
                       ::dup2(STDIN_FILENO, 7);
                       ::dup3(STDIN_FILENO, 9, O_CLOEXEC);
                     }}};
  EXPECT_EQ(program.wait(), 0) << program.err();
  EXPECT_THAT(program.out(), HasSubstr("descriptors 0 1 2 7\n"));
}

TEST_P(Launched, with_its_environment_as_it_is) {
  Supervised program{command({"set=SECOND=of slipway's own", "--", "/usr/bin/env"}),
                     {.environment = {{"FIRST", "a=b\nc"}, {"SLIPWAY_INIT_LINGER", "5s"}}}};
  EXPECT_EQ(program.wait(), 0) << program.err();
  const std::string out = program.out();
  EXPECT_TRUE(out.ends_with("LC_ALL=C\nFIRST=a=b\nc\nSLIPWAY_INIT_LINGER=5s\nSECOND=of slipway's own\n")) << out;
}

TEST_P(Launched, under_the_same_process_id) {
  Supervised program{command({"--", probe(), "state"})};
  EXPECT_EQ(program.wait(), 0) << program.err();
  EXPECT_THAT(program.out(), HasSubstr((has_init() ? "parent " : "pid ") + std::to_string(program.pid()) + "\n"));
}

TEST_P(Launched, from_the_path_of_its_environment) {
  const TempFolder folder;
  const auto application = folder.write("application", "#!/bin/sh\nexit 6\n");
  std::filesystem::permissions(application, std::filesystem::perms{0755});
  Supervised program{command({"set=PATH=/no/such:" + folder.path().string(), "--", "application"})};
  EXPECT_EQ(program.wait(), 6) << program.err();
}

TEST_P(Launched, or_told_why_not) {
  Supervised missing{command({"--", "/no/such/application"})};
  EXPECT_EQ(missing.wait(), 127);
  EXPECT_THAT(missing.err(), HasSubstr("'/no/such/application' does not exist"));
  Supervised folder{command({"--", "/etc"})};
  EXPECT_EQ(folder.wait(), 126);
  EXPECT_THAT(folder.err(), HasSubstr("'/etc' can't be executed: it is a folder"));
}

// Options of the application are not those of slipway-init.
TEST_P(Launched, with_its_arguments_as_they_are) {
  Supervised program{command({"--", "/usr/bin/printf", "[%s]", "--", "-v", "", "a b", "--help"})};
  EXPECT_EQ(program.wait(), 0) << program.err();
  EXPECT_EQ(program.out(), "[--][-v][][a b][--help]");
}

TEST_P(Launched, where_there_is_no_proc) {
  if (!fixture::can_make_namespaces()) GTEST_SKIP() << "no PID namespaces here";
  if (!fixture::runs_without_proc) GTEST_SKIP() << "needs /proc itself";
  Supervised program{command({"--", "/bin/sh", "-c", "exit 5"}), {.pid_namespace = Namespace::pid_without_proc}};
  EXPECT_EQ(program.wait(), 5) << program.err();
}

// The kernel throws away what PID 1 would be ended by.
TEST(LaunchedAsPid1, a_signal_that_has_arrived_meanwhile_is_kept_for_the_application) {
  if (!fixture::can_make_namespaces()) GTEST_SKIP() << "no PID namespaces here";
  Supervised program{{LAUNCHER, "raise=15", "--", "/bin/sleep", "60"}, {.pid_namespace = Namespace::pid}};
  EXPECT_EQ(program.wait(), 128 + SIGTERM) << program.err();
}

class Init : public testing::Test {
 protected:
  Init() { std::filesystem::copy_file(LAUNCHER, launcher()); }

  std::string launcher() const { return folder_.path() / "launcher"; }

 private:
  TempFolder folder_;
};

TEST_F(Init, beside_slipway_goes_before_the_one_in_path) {
  std::filesystem::copy_file(probe(), std::filesystem::path{launcher()}.replace_filename("slipway-init"));
  Supervised program{{launcher(), "set=PATH=" + fixture::slipway_init().parent_path().string(), "--", "app"}};
  EXPECT_EQ(program.wait(), 64);  // the probe's, for what it does not know
}

TEST_F(Init, in_path_does_where_none_is_beside_slipway) {
  Supervised program{
      {launcher(), "set=PATH=" + fixture::slipway_init().parent_path().string(), by_init, "--", probe(), "exit", "5"}};
  EXPECT_EQ(program.wait(), 5) << program.err();
}

TEST_F(Init, that_is_nowhere_is_told_with_the_way_out) {
  Supervised program{{launcher(), "set=PATH=/no/such", "--", "/bin/true"}};
  EXPECT_EQ(program.wait(), 127);
  EXPECT_EQ(program.err(),
            "can't hand over to slipway-init: 'slipway-init' was not found|install slipway-init beside slipway, or use "
            "--exec to run without it\n");
}

TEST(Launch, that_fails_leaves_the_mask_as_it_was) {
  const SignalSet before = set_signal_mask(SignalSet::of(SIGUSR2));
  for (const auto supervisor : {Launch::Supervisor::none, Launch::Supervisor::init})
    EXPECT_THROW(launch({.command = {"/no/such/application"},
                         .environment = {"PATH="},
                         .supervisor = supervisor,
                         .init_options = {std::string(std::size_t{1} << 20, 'x')}}),
                 Error);
  EXPECT_EQ(set_signal_mask(before).bits(), SignalSet::of(SIGUSR2).bits());
}

TEST(Launch, of_nothing_is_a_usage_error) {
  try {
    launch({});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::usage);
  }
}

}  // namespace
}  // namespace slipway
