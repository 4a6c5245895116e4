// On a real pseudo-terminal: what the keys do is what they do without an init.

#include <chrono>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

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

constexpr const char* ctrl_c = "\x03";
constexpr const char* ctrl_z = "\x1a";
constexpr const char* ctrl_d = "\x04";

class OnTerminal : public testing::TestWithParam<Namespace> {
 protected:
  void SetUp() override {
    if (GetParam() != Namespace::none && !fixture::can_make_namespaces()) GTEST_SKIP() << "no PID namespaces here";
  }
  SupervisedOptions here() const {
    return {.pid_namespace = GetParam(), .terminal = SupervisedOptions::Terminal::controlling};
  }
};

TEST_P(OnTerminal, the_application_has_the_foreground) {
  Supervised program{{slipway_init(), "-s", probe(), "state"}, here()};
  EXPECT_EQ(program.wait(), 0);
  EXPECT_THAT(program.out(), HasSubstr("foreground yes\r\n"));
}

TEST_P(OnTerminal, with_a_session_of_its_own_too) {
  Supervised program{{slipway_init(), "-s", "--setsid", probe(), "state"}, here()};
  EXPECT_EQ(program.wait(), 0);
  EXPECT_THAT(program.out(), HasSubstr("leads session yes\r\nforeground yes\r\n"));
}

// dumb-init hands its SIGHUP and SIGCONT on where it gives up the terminal, and has to drop the first of each.
TEST_P(OnTerminal, giving_the_terminal_to_a_session_sends_no_hangup) {
  Supervised program{{slipway_init(), "-s", "--setsid", probe(), "signals"}, here()};
  ASSERT_TRUE(program.wait_for_out("ready\r\n"));
  program.signal(SIGUSR1);
  ASSERT_TRUE(program.wait_for_out("\n10\r\n"));
  program.signal(SIGHUP);
  EXPECT_TRUE(program.wait_for_out("\n1\r\n"));
  EXPECT_THAT(program.out(), HasSubstr("ready\r\n10\r\n1\r\n"));
}

TEST_P(OnTerminal, ctrl_c_interrupts_once) {
  for (const char* option : {"-s", "-g", "--setsid"}) {
    Supervised program{{slipway_init(), "-s", option, probe(), "signals"}, here()};
    ASSERT_TRUE(program.wait_for_out("ready\r\n"));
    program.type(ctrl_c);
    EXPECT_TRUE(program.wait_for_out("^C2\r\n"));
    program.signal(SIGTERM);
    EXPECT_EQ(program.wait(), 0);
    EXPECT_THAT(program.out(), HasSubstr("^C2\r\n15\r\n")) << option;
  }
}

TEST_P(OnTerminal, ctrl_c_ends_an_application) {
  Supervised program{{slipway_init(), "-s", "/bin/sh", "-c", "echo ready; exec sleep 60"}, here()};
  ASSERT_TRUE(program.wait_for_out("ready"));
  program.type(ctrl_c);
  EXPECT_EQ(program.wait(), 130);
}

// No shell is there to continue what has stopped: without an init the kernel would not stop it either.
TEST_P(OnTerminal, ctrl_z_does_not_leave_the_application_stopped_for_ever) {
  Supervised program{{slipway_init(), "-s", "-vv", "/bin/sh", "-c", "echo ready; cat; echo after"}, here()};
  ASSERT_TRUE(program.wait_for_out("ready\r\n"));
  // A shell that is stopped between its vfork(2) and the exec does not stop itself; so cat has to be there.
  program.type("first\n");
  ASSERT_TRUE(program.wait_for_out("first\r\nfirst\r\n"));
  program.type(ctrl_z);
  ASSERT_TRUE(program.wait_for_out("continuing it")) << program.out();
  program.type("still there\n");
  ASSERT_TRUE(program.wait_for_out("still there\r\nstill there\r\n")) << program.out();
  program.type(ctrl_d);
  EXPECT_TRUE(program.wait_for_out("after\r\n"));
  EXPECT_EQ(program.wait(), 0);
}

TEST_P(OnTerminal, a_stop_that_is_asked_for_stays_until_it_is_continued) {
  Supervised program{{slipway_init(), "-s", "/bin/sh", "-c", "echo ready; read line; echo got $line"}, here()};
  ASSERT_TRUE(program.wait_for_out("ready\r\n"));
  const pid_t application = Supervised::child_of(program.pid());
  program.signal(SIGTSTP);
  EXPECT_TRUE(Supervised::wait_until([&] { return Supervised::state_of(application) == 'T'; }));
  program.type("word\n");
  program.signal(SIGCONT);
  EXPECT_TRUE(program.wait_for_out("got word\r\n"));
  EXPECT_EQ(program.wait(), 0);
}

TEST_P(OnTerminal, a_hang_up_reaches_the_application) {
  Supervised program{
      {slipway_init(), "-s", "/bin/sh", "-c", "trap 'exit 9' HUP; echo ready; while :; do sleep 0.01; done"}, here()};
  ASSERT_TRUE(program.wait_for_out("ready"));
  program.hang_up();
  EXPECT_EQ(program.wait(), 9);
}

// bash with job control inside: it takes and gives the terminal itself.
TEST_P(OnTerminal, an_interactive_shell_has_job_control) {
  Supervised program{{slipway_init(), "-s", "/bin/bash", "--norc", "-i"}, here()};
  program.type("PS1='\\x24 '; echo rea''dy\n");
  ASSERT_TRUE(program.wait_for_out("ready\r\n"));
  EXPECT_THAT(program.out(), Not(HasSubstr("no job control")));
  program.type("sleep 60\n");
  const pid_t shell = Supervised::child_of(program.pid());
  ASSERT_TRUE(Supervised::wait_until([&] { return Supervised::child_of(shell) != 0; }));
  const pid_t job = Supervised::child_of(shell);
  ASSERT_TRUE(Supervised::wait_until([&] { return Supervised::state_of(job) == 'S'; }));
  program.type(ctrl_z);
  EXPECT_TRUE(program.wait_for_out("Stopped"));
  EXPECT_TRUE(Supervised::wait_until([&] { return Supervised::state_of(job) == 'T'; }));
  program.type("fg\n");
  EXPECT_TRUE(Supervised::wait_until([&] { return Supervised::state_of(job) == 'S'; }));
  program.type(ctrl_c);
  program.type("echo code $?\n");
  EXPECT_TRUE(program.wait_for_out("code 130\r\n"));
  program.type("exit 3\n");
  EXPECT_EQ(program.wait(), 3);
}

INSTANTIATE_TEST_SUITE_P(Here, OnTerminal, testing::Values(Namespace::none, Namespace::pid));

// bash outside: slipway-init is one of its jobs.
class UnderShell : public testing::Test {
 protected:
  UnderShell() {
    shell_.type("PS1='\\x24 '; set +o emacs; echo rea''dy\n");
    EXPECT_TRUE(shell_.wait_for_out("ready\r\n"));
  }
  pid_t child_of(pid_t process) const {
    EXPECT_TRUE(Supervised::wait_until([&] { return Supervised::child_of(process) != 0; }));
    return Supervised::child_of(process);
  }
  void expect_state(pid_t process, char state) const {
    EXPECT_TRUE(Supervised::wait_until([&] { return Supervised::state_of(process) == state; }))
        << Supervised::state_of(process);
  }

  Supervised shell_{{"/bin/bash", "--norc", "-i"}, {.terminal = SupervisedOptions::Terminal::controlling}};
};

TEST_F(UnderShell, ctrl_z_gives_the_prompt_back_and_fg_goes_on) {
  shell_.type(slipway_init().string() + " -s /bin/cat\n");
  const pid_t init = child_of(shell_.pid());
  const pid_t application = child_of(init);
  shell_.type("one\n");
  ASSERT_TRUE(shell_.wait_for_out("one\r\none\r\n"));
  shell_.type(ctrl_z);
  ASSERT_TRUE(shell_.wait_for_out("Stopped"));
  expect_state(application, 'T');
  expect_state(init, 'T');
  shell_.type("echo pro''mpt\n");
  ASSERT_TRUE(shell_.wait_for_out("prompt\r\n"));
  shell_.type("fg\n");
  expect_state(init, 'S');
  expect_state(application, 'S');
  shell_.type("two\n");
  ASSERT_TRUE(shell_.wait_for_out("two\r\ntwo\r\n"));
  shell_.type(ctrl_c);
  // As a person would: what is typed before the prompt is back, the shell may throw away.
  for (int i = 0; i < 2000 && !shell_.out().ends_with("\\x24 "); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  shell_.type("echo code $?\n");
  EXPECT_TRUE(shell_.wait_for_out("code 130\r\n")) << shell_.out();
}

TEST_F(UnderShell, in_the_background_it_leaves_the_terminal_alone_and_stops_when_it_reads) {
  shell_.type(slipway_init().string() + " -s /bin/cat &\n");
  const pid_t init = child_of(shell_.pid());
  expect_state(init, 'T');
  shell_.type("\n");
  ASSERT_TRUE(shell_.wait_for_out("Stopped"));
  shell_.type("fg\n");
  expect_state(init, 'S');
  shell_.type("word\n");
  EXPECT_TRUE(shell_.wait_for_out("word\r\nword\r\n"));
  shell_.type(ctrl_d);
  shell_.type("echo code $?\n");
  EXPECT_TRUE(shell_.wait_for_out("code 0\r\n"));
}

// bash does not tell a job that runs already that it has the terminal.
TEST_F(UnderShell, brought_to_the_foreground_it_can_read) {
  const fixture::TempFolder folder;
  const std::string go = folder.path() / "go";
  shell_.type(slipway_init().string() + " -s /bin/sh -c 'while [ ! -e " + go +
              " ]; do sleep 0.01; done; echo reading; read line; echo got $line' &\n");
  child_of(child_of(shell_.pid()));
  shell_.type("fg\n");
  ASSERT_TRUE(shell_.wait_for_out("fg\r\n"));
  folder.write("go", "");
  ASSERT_TRUE(shell_.wait_for_out("reading\r\n"));
  shell_.type("word\n");
  EXPECT_TRUE(shell_.wait_for_out("got word\r\n")) << shell_.out();
}

TEST_F(UnderShell, ending_in_the_background_it_leaves_the_terminal_alone) {
  const fixture::TempFolder folder;
  const std::string go = folder.path() / "go";
  shell_.type(slipway_init().string() + " -s /bin/sh -c 'while [ ! -e " + go + " ]; do sleep 0.01; done' &\n");
  const pid_t init = child_of(shell_.pid());
  child_of(init);
  folder.write("go", "");
  ASSERT_TRUE(Supervised::wait_until([&] { return Supervised::state_of(init) == ' '; }));
  shell_.type("echo still he''re\n");
  ASSERT_TRUE(shell_.wait_for_out("still here\r\n")) << shell_.out();
  shell_.type("read line; echo got $line\n");
  shell_.type("word\n");
  EXPECT_TRUE(shell_.wait_for_out("got word\r\n")) << shell_.out();
}

// A script without job control shares its group with slipway-init, and wants to read afterwards.
TEST_F(UnderShell, the_terminal_is_given_back) {
  shell_.type("sh -c '" + slipway_init().string() + " -s /bin/true; read line; echo got $line'\n");
  shell_.type("word\n");
  EXPECT_TRUE(shell_.wait_for_out("got word\r\n"));
}

TEST_F(UnderShell, the_terminal_is_given_back_where_there_is_no_such_command) {
  shell_.type("sh -c '" + slipway_init().string() + " -s nosuchcommand; echo code $?; read line; echo got $line'\n");
  ASSERT_TRUE(shell_.wait_for_out("code 127\r\n")) << shell_.out();
  shell_.type("word\n");
  EXPECT_TRUE(shell_.wait_for_out("got word\r\n")) << shell_.out();
}

}  // namespace
}  // namespace slipway
