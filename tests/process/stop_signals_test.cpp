#include "process/stop_signals.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "init/supervised.h"
#include "process/signal_name.h"

// Which signals stop slipway while it prepares. Each is sent to a process that does nothing but wait, as PID 1 too,
// where the kernel throws away a signal that has its default action.

namespace slipway {
namespace {

using fixture::Supervised;
using fixture::SupervisedOptions;
using testing::HasSubstr;
using Namespace = SupervisedOptions::Namespace;
using Terminal = SupervisedOptions::Terminal;

const std::vector<std::string> waiting{LAUNCHER, "wait"};

std::vector<int> stopping_signals() {
  std::vector<int> signals{SIGHUP,    SIGINT,  SIGQUIT, SIGABRT,   SIGUSR1, SIGUSR2, SIGALRM, SIGTERM,
                           SIGSTKFLT, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGIO,   SIGPWR};
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal)
    signals.push_back(signal);
  return signals;
}

void expect_stopped_by(int signal, const SupervisedOptions& options) {
  Supervised program{waiting, options};
  ASSERT_TRUE(program.wait_for_out("waiting"));
  program.signal(signal);
  EXPECT_EQ(program.wait(), 128 + signal) << signal_name(signal);
  EXPECT_THAT(program.err() + program.out(), HasSubstr("stopped by " + signal_name(signal)));
}

// Whether it goes on after the signal, until SIGTERM.
void expect_not_stopped_by(int signal, const SupervisedOptions& options) {
  Supervised program{waiting, options};
  ASSERT_TRUE(program.wait_for_out("waiting"));
  program.signal(signal);
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(), 128 + SIGTERM) << signal_name(signal);
}

TEST(StopSignals, AreAllThatEndAProgramWhichDoesNotHandleThem) {
  for (const int signal : stopping_signals())
    expect_stopped_by(signal, {});
}

// STOPSIGNAL of an image may be any.
TEST(StopSignals, AreTheSameForPid1) {
  if (!fixture::can_make_namespaces()) GTEST_SKIP() << "no PID namespaces here";
  for (const int signal : stopping_signals())
    expect_stopped_by(signal, {.pid_namespace = Namespace::pid});
  expect_stopped_by(SIGWINCH, {.pid_namespace = Namespace::pid});
}

// The images of httpd and php:apache have it as their STOPSIGNAL. A terminal sends it when its window changes.
TEST(StopSignals, HaveSigwinchAmongThemWithoutATerminal) {
  expect_stopped_by(SIGWINCH, {});
  expect_not_stopped_by(SIGWINCH, {.terminal = Terminal::controlling});
}

// The terminal that a process belongs to need not be one of its standard descriptors.
TEST(StopSignals, DoNotHaveSigwinchAmongThemWithATerminalThatIsElsewhere) {
  const fixture::TempFolder folder;
  const auto out = folder.path() / "out";
  Supervised program{{"/bin/sh", "-c", R"("$0" wait </dev/null >"$1" 2>&1; exit $?)", LAUNCHER, out},
                     {.terminal = Terminal::controlling}};
  const pid_t launcher = [&] {
    pid_t child = 0;
    Supervised::wait_until([&] { return (child = Supervised::child_of(program.pid())) > 0; });
    return child;
  }();
  ASSERT_GT(launcher, 0);
  ASSERT_TRUE(Supervised::wait_until([&] { return fixture::read_file(out).find("waiting") != std::string::npos; }));
  ::kill(launcher, SIGWINCH);
  ::kill(launcher, SIGTERM);
  EXPECT_EQ(program.wait(), 128 + SIGTERM);
}

TEST(StopSignals, AreNotThoseThatMeanSomethingElse) {
  for (const int signal : {SIGCHLD, SIGURG, SIGCONT})
    expect_not_stopped_by(signal, {});
}

// nohup(1).
TEST(StopSignals, AreNotThoseThatSlipwayWasStartedToIgnore) {
  for (const int signal : {SIGHUP, SIGUSR1, SIGWINCH, SIGRTMIN})
    expect_not_stopped_by(signal, {.ignored = {signal}});
}

// A shell has the background jobs of a script ignore the last two.
TEST(StopSignals, AreSigtermSigintAndSigquitInAnyCase) {
  for (const int signal : {SIGTERM, SIGINT, SIGQUIT})
    expect_stopped_by(signal, {.ignored = {signal}});
}

}  // namespace
}  // namespace slipway
