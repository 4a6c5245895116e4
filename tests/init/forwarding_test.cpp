// Every signal reaches the application, in the way that was asked for; none is lost.

#include <array>
#include <cstdint>
#include <cstdio>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture/program.h"
#include "init/supervised.h"

namespace slipway {
namespace {

using fixture::probe;
using fixture::Supervised;
using fixture::SupervisedOptions;
using testing::HasSubstr;
using testing::Not;
using Namespace = SupervisedOptions::Namespace;

std::vector<std::string> init(std::vector<std::string> rest) {
  rest.insert(rest.begin(), {fixture::slipway_init(), "--subreaper"});
  return rest;
}

// The signals that the probe is to be sent, SIGTERM last, because it ends with it.
std::vector<int> every_signal() {
  std::vector<int> signals;
  for (int signal = 1; signal <= 64; ++signal)
    if (signal != SIGKILL && signal != SIGSTOP && signal != SIGCHLD && signal != SIGTERM) signals.push_back(signal);
  return signals;
}

bool stops_the_init(int signal) {
  return signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

class EverySignal : public testing::TestWithParam<Namespace> {};

TEST_P(EverySignal, is_forwarded) {
  if (GetParam() != Namespace::none && !fixture::can_make_namespaces()) GTEST_SKIP() << "no PID namespaces here";
  Supervised program{init({probe(), "signals"}), {.pid_namespace = GetParam()}};
  ASSERT_TRUE(program.wait_for_out("ready\n"));
  for (const int signal : every_signal()) {
    program.signal(signal);
    EXPECT_TRUE(program.wait_for_out("\n" + std::to_string(signal) + "\n")) << signal;
    if (stops_the_init(signal) && GetParam() == Namespace::none) {
      EXPECT_TRUE(Supervised::wait_until([&] { return Supervised::state_of(program.pid()) == 'T'; })) << signal;
      program.signal(SIGCONT);
      EXPECT_TRUE(Supervised::wait_until([&] { return Supervised::state_of(program.pid()) != 'T'; })) << signal;
    }
  }
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(), 0);
}

INSTANTIATE_TEST_SUITE_P(Forwarding, EverySignal, testing::Values(Namespace::none, Namespace::pid));

TEST(Forwarding, every_signal_goes_to_a_group_too) {
  for (const char* option : {"--group", "--setsid"}) {
    Supervised program{init({option, probe(), "signals"})};
    ASSERT_TRUE(program.wait_for_out("ready\n"));
    for (const int signal : every_signal()) {
      if (stops_the_init(signal)) continue;
      program.signal(signal);
      EXPECT_TRUE(program.wait_for_out("\n" + std::to_string(signal) + "\n")) << option << " " << signal;
    }
    program.signal(SIGTERM);
    EXPECT_EQ(program.wait(), 0);
  }
}

// All kinds arrive while slipway-init stands still; all are delivered once it goes on. Signals that are pending are
// merged by the kernel, one of each kind stays (signal(7)); real-time ones are all kept.
TEST(Forwarding, a_burst_loses_no_kind) {
  Supervised program{init({probe(), "signals"})};
  ASSERT_TRUE(program.wait_for_out("ready\n"));
  program.signal(SIGSTOP);
  for (int round = 0; round < 20; ++round)
    for (const int signal : every_signal())
      if (!stops_the_init(signal) && signal != SIGCONT) program.signal(signal);
  program.signal(SIGCONT);
  for (const int signal : every_signal()) {
    if (stops_the_init(signal)) continue;
    EXPECT_TRUE(program.wait_for_out("\n" + std::to_string(signal) + "\n")) << signal;
  }
  // Signals leave in the order of their numbers: once the last has come, all have.
  ASSERT_TRUE(Supervised::wait_until([&] {
    const std::string out = program.out();
    int count = 0;
    for (auto at = out.find("\n64\n"); at != std::string::npos; at = out.find("\n64\n", at + 1))
      ++count;
    return count == 20;
  }));
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(), 0);
}

TEST(Forwarding, keeps_the_value_of_a_queued_signal) {
  Supervised program{init({probe(), "signals"})};
  ASSERT_TRUE(program.wait_for_out("ready\n"));
  program.queue(SIGRTMIN + 1, 4711);
  EXPECT_TRUE(program.wait_for_out("\n" + std::to_string(SIGRTMIN + 1) + "=4711\n"));
}

TEST(Forwarding, rewrites_and_drops) {
  Supervised program{init({"-v", "-r", "USR1:USR2", "-r", "HUP:0", "-r", "15:2", probe(), "signals"})};
  ASSERT_TRUE(program.wait_for_out("ready\n"));
  program.signal(SIGHUP);
  program.signal(SIGTERM);
  EXPECT_TRUE(program.wait_for_out("\n2\n"));
  program.signal(SIGUSR1);
  EXPECT_TRUE(program.wait_for_out("\n12\n"));
  EXPECT_THAT(program.out(), Not(HasSubstr("\n1\n")));
  EXPECT_THAT(program.err(), HasSubstr("slipway-init: dropped SIGHUP\n"));
  EXPECT_THAT(program.err(), HasSubstr("slipway-init: forwarded SIGTERM as SIGINT to the application\n"));
}

TEST(Forwarding, a_rewritten_signal_is_not_rewritten_again) {
  Supervised program{init({"-r", "1:31", "-r", "31:1", "-r", "TERM:INT", "-r", "INT:TERM", probe(), "signals"})};
  ASSERT_TRUE(program.wait_for_out("ready\n"));
  for (const auto& [sent, seen] : {std::pair{1, "\n31\n"}, {31, "\n31\n1\n"}, {SIGTERM, "\n1\n2\n"}}) {
    program.signal(sent);
    EXPECT_TRUE(program.wait_for_out(seen)) << program.out();
  }
  program.signal(SIGINT);
  EXPECT_EQ(program.wait(), 0);
}

TEST(Forwarding, the_stop_signal_is_what_sigterm_becomes) {
  Supervised program{init({"--stop-signal", "QUIT", "-r", "USR1:TERM", probe(), "signals"})};
  ASSERT_TRUE(program.wait_for_out("ready\n"));
  program.signal(SIGTERM);
  EXPECT_TRUE(program.wait_for_out("\n3\n"));
  program.signal(SIGUSR1);
  EXPECT_TRUE(program.wait_for_out("\n3\n3\n"));
}

// A shell that waits for a child does not pass signals on; its child says which it got.
std::vector<std::string> shell_with_probe() {
  return {"/bin/sh", "-c", "trap : USR1 TERM; \"$0\" signals; wait", probe()};
}

std::vector<std::string> operator+(std::vector<std::string> left, const std::vector<std::string>& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

TEST(Forwarding, goes_to_the_application_alone_by_default) {
  Supervised program{init({}) + shell_with_probe()};
  ASSERT_TRUE(program.wait_for_out("ready\n"));
  program.signal(SIGUSR1);
  program.signal(SIGUSR2);  // ends the shell
  EXPECT_EQ(program.wait(), 128 + SIGUSR2);
  EXPECT_THAT(program.out(), Not(HasSubstr("\n10\n")));
}

class WholeGroup : public testing::TestWithParam<const char*> {};

TEST_P(WholeGroup, gets_it) {
  Supervised program{init({GetParam()}) + shell_with_probe()};
  ASSERT_TRUE(program.wait_for_out("ready\n"));
  program.signal(SIGUSR1);
  EXPECT_TRUE(program.wait_for_out("\n10\n"));
  program.signal(SIGTERM);
  EXPECT_TRUE(program.wait_for_out("\n15\n"));
  EXPECT_EQ(program.wait(), 0);
}

INSTANTIATE_TEST_SUITE_P(Forwarding, WholeGroup, testing::Values("-g", "--group", "--setsid"));

TEST(Forwarding, the_application_leads_its_group_and_on_request_its_session) {
  const std::vector<std::string> command{probe(), "state"};
  const auto plain = fixture::run(fixture::slipway_init(), {"-s", probe(), "state"});
  EXPECT_THAT(plain.out, HasSubstr("leads group yes\nleads session no\n"));
  const auto session = fixture::run(fixture::slipway_init(), {"-s", "--setsid", probe(), "state"});
  EXPECT_THAT(session.out, HasSubstr("leads group yes\nleads session yes\n"));
}

std::string hexadecimal(const std::vector<int>& signals) {
  std::uint64_t bits = 0;
  for (const int signal : signals)
    bits |= std::uint64_t{1} << (signal - 1);
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016lx", bits);
  return text.data();
}

TEST(Forwarding, mask_and_dispositions_are_those_slipway_init_was_started_with) {
  const std::vector<int> blocked{SIGHUP, SIGQUIT, SIGTTIN, SIGILL, SIGTERM, SIGCHLD, SIGRTMAX};
  const std::vector<int> ignored{SIGUSR1, SIGCHLD, SIGPIPE, SIGTTOU, SIGSEGV, SIGINT};
  Supervised program{init({probe(), "state"}),
                     {.environment = {{"ASAN_OPTIONS", "handle_segv=0"}, {"TSAN_OPTIONS", "handle_segv=0"}},
                      .blocked = blocked,
                      .ignored = ignored}};
  EXPECT_EQ(program.wait(), 0);
  EXPECT_THAT(program.out(), HasSubstr("blocked " + hexadecimal(blocked) + "\nignored " + hexadecimal(ignored) + "\n"));
}

TEST(Forwarding, nothing_is_blocked_or_ignored_otherwise) {
  Supervised program{init({probe(), "state"})};
  EXPECT_EQ(program.wait(), 0);
  EXPECT_THAT(program.out(), HasSubstr("blocked 0000000000000000\nignored 0000000000000000\n"));
}

TEST(Forwarding, the_mask_can_be_given) {
  Supervised program{init({"--signal-mask=4001", probe(), "state"}), {.blocked = {SIGUSR2}}};
  EXPECT_EQ(program.wait(), 0);
  EXPECT_THAT(program.out(), HasSubstr("blocked 0000000000004001\n"));
}

// What arrives before the application exists is kept for it, as it is across the exec from `slipway run`.
TEST(Forwarding, nothing_is_lost_before_the_application_is_there) {
  for (const int signal : {SIGTERM, SIGINT, SIGUSR1, SIGRTMIN + 5}) {
    SupervisedOptions options;
    options.blocked = {signal};
    options.before_exec = [signal] { ::kill(::getpid(), signal); };
    Supervised program{init({"--signal-mask=0", "/bin/sleep", "60"}), options};
    EXPECT_EQ(program.wait(), 128 + signal);
  }
}

TEST(Forwarding, an_ignored_signal_is_forwarded_all_the_same) {
  Supervised program{init({probe(), "signals"}), {.ignored = {SIGUSR1}}};
  ASSERT_TRUE(program.wait_for_out("ready\n"));
  program.signal(SIGUSR1);
  EXPECT_TRUE(program.wait_for_out("\n10\n"));
}

TEST(Forwarding, job_control_stops_both_and_sigcont_continues_both) {
  for (const char* option : {"-s", "--setsid"}) {
    for (const int signal : {SIGTSTP, SIGTTIN, SIGTTOU}) {
      Supervised program{{fixture::slipway_init(), "-s", option, "/bin/sleep", "60"}};
      ASSERT_TRUE(Supervised::wait_until([&] { return Supervised::child_of(program.pid()) != 0; }));
      const pid_t application = Supervised::child_of(program.pid());
      program.signal(signal);
      for (const pid_t process : {program.pid(), application})
        EXPECT_TRUE(Supervised::wait_until([&] { return Supervised::state_of(process) == 'T'; })) << option << signal;
      program.signal(SIGCONT);
      for (const pid_t process : {program.pid(), application})
        EXPECT_TRUE(Supervised::wait_until([&] { return Supervised::state_of(process) == 'S'; })) << option << signal;
    }
  }
}

// As dumb-init has it: whoever rewrites a job-control signal still stops the init.
TEST(Forwarding, a_rewritten_job_control_signal_stops_the_init_alone) {
  for (const char* option : {"-s", "--setsid"}) {
    Supervised program{init({option, "-r", "TSTP:HUP", "-r", "TTIN:INT", "-r", "TTOU:0", probe(), "signals"})};
    ASSERT_TRUE(program.wait_for_out("ready\n"));
    for (const auto& [sent, seen] : {std::pair{SIGTSTP, "\n1\n"}, std::pair{SIGTTIN, "\n2\n"}}) {
      program.signal(sent);
      EXPECT_TRUE(program.wait_for_out(seen));
      EXPECT_TRUE(Supervised::wait_until([&] { return Supervised::state_of(program.pid()) == 'T'; }));
      program.signal(SIGCONT);
      EXPECT_TRUE(Supervised::wait_until([&] { return Supervised::state_of(program.pid()) != 'T'; }));
    }
    program.signal(SIGTTOU);
    program.signal(SIGTERM);
    EXPECT_EQ(program.wait(), 0);
  }
}

// A key may be pressed while PATH is still searched for the application, here in some 40,000 folders. Until it is found
// slipway-init can't continue it.
TEST(Forwarding, a_stop_before_the_exec_holds_nothing_up) {
  std::string path = "PATH=";
  for (int i = 0; i < 40'000; ++i)
    path += "/-:";
  for (int round = 0; round < 20; ++round) {
    Supervised program{{"/usr/bin/env", path + "/bin", fixture::slipway_init(), "-s", "sleep", "60"}};
    ASSERT_TRUE(Supervised::wait_until([&] { return Supervised::child_of(program.pid()) != 0; }));
    ::kill(Supervised::child_of(program.pid()), SIGTSTP);
    program.signal(SIGCONT);
    program.signal(SIGTERM);
    ASSERT_EQ(program.wait(), 128 + SIGTERM);
  }
}

// The parent of slipway-init is a process that ends when it is told to.
TEST(Forwarding, the_death_of_the_parent_is_told) {
  Supervised parent{
      {"/bin/sh", "-c", R"("$0" -s -p USR1 "$1" signals & read line; exit 0)", fixture::slipway_init(), probe()},
      {.before_exec = [] {
        int ends[2];
        if (::pipe(ends) == 0) ::dup2(ends[0], STDIN_FILENO);
      }}};
  ASSERT_TRUE(parent.wait_for_out("ready\n"));
  const pid_t init_process = Supervised::child_of(parent.pid());
  const pid_t application = Supervised::child_of(init_process);
  parent.signal(SIGKILL);
  EXPECT_TRUE(parent.wait_for_out("\n10\n"));
  ::kill(init_process, SIGTERM);
  EXPECT_TRUE(Supervised::wait_until([&] { return Supervised::state_of(application) == ' '; }));
}

TEST(Forwarding, with_kill_the_application_dies_with_the_parent) {
  Supervised parent{
      {"/bin/sh", "-c", R"("$0" -s -p KILL "$1" signals & exec sleep 60)", fixture::slipway_init(), probe()}};
  ASSERT_TRUE(parent.wait_for_out("ready\n"));
  const pid_t init_process = Supervised::child_of(parent.pid());
  const pid_t application = Supervised::child_of(init_process);
  parent.signal(SIGKILL);
  EXPECT_TRUE(Supervised::wait_until([&] {
    const char state = Supervised::state_of(application);
    return state == ' ' || state == 'Z';
  }));
}

}  // namespace
}  // namespace slipway
