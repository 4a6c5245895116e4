// slipway-init as PID 1 of real containers.

#include <cstdlib>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "container/container.h"
#include "fixture/program.h"
#include "init/supervised.h"

namespace slipway {
namespace {

using fixture::Container;
using fixture::ContainerCommand;
using fixture::Supervised;
using testing::HasSubstr;
using testing::Not;

constexpr const char* probe = "/programs/init_probe";
constexpr const char* ctrl_c = "\x03";
constexpr const char* ctrl_d = "\x04";
constexpr const char* ctrl_z = "\x1a";

class InContainer : public testing::Test {
 protected:
  void SetUp() override {
    if (!fixture::has_engine()) GTEST_SKIP() << "no container engine answers";
  }
};

// The image has no Python; this machine's /usr has.
ContainerCommand python(const std::string& program) {
  return {.options = {"--mount", "type=bind,readonly,src=/usr,dst=/usr"},
          .application = {"/usr/bin/python3", "-u", "-c", program}};
}

TEST_F(InContainer, docker_stop_ends_a_python_application_gracefully) {
  const Container container{
      python("import signal, sys, time\n"
             "def stop(signum, frame):\n"
             "    print('closing')\n"
             "    sys.exit(3)\n"
             "signal.signal(signal.SIGTERM, stop)\n"
             "print('ready')\n"
             "time.sleep(100)\n")};
  ASSERT_TRUE(container.wait_for_out("ready\n"));
  EXPECT_EQ(container.stop().exit_code, 0);
  EXPECT_EQ(container.wait(), 3);
  EXPECT_EQ(container.out(), "ready\nclosing\n");
}

// As PID 1 itself, neither would notice SIGTERM.
TEST_F(InContainer, docker_stop_ends_applications_that_handle_no_signal) {
  const Container snake{python("import time; print('ready'); time.sleep(100)")};
  const Container shell{{.application = {"/bin/sh", "-c", "echo ready; sleep 100; echo unreachable"}}};
  for (const Container* container : {&snake, &shell}) {
    ASSERT_TRUE(container->wait_for_out("ready\n"));
    EXPECT_EQ(container->stop().exit_code, 0);
    EXPECT_EQ(container->wait(), 143);
    EXPECT_EQ(container->out(), "ready\n");
  }
}

TEST_F(InContainer, docker_stop_ends_a_shell_application_gracefully) {
  const Container container{
      {.application = {"/bin/sh", "-c", "trap 'echo closing; exit 4' TERM; echo ready; sleep 100 & wait"}}};
  ASSERT_TRUE(container.wait_for_out("ready\n"));
  EXPECT_EQ(container.stop().exit_code, 0);
  EXPECT_EQ(container.wait(), 4);
  EXPECT_EQ(container.out(), "ready\nclosing\n");
}

// An image with STOPSIGNAL sends another than SIGTERM.
TEST_F(InContainer, the_stop_signal_of_the_image_reaches_the_application) {
  const Container container{
      {.options = {"--stop-signal=SIGQUIT"}, .application = {"/bin/sh", "-c", "echo ready; sleep 100"}}};
  ASSERT_TRUE(container.wait_for_out("ready\n"));
  EXPECT_EQ(container.stop().exit_code, 0);
  EXPECT_EQ(container.wait(), 131);
}

TEST_F(InContainer, exit_codes_are_what_docker_wait_says) {
  const auto code = [](std::vector<std::string> application) {
    return Container{{.application = std::move(application)}}.wait();
  };
  EXPECT_EQ(code({"/bin/true"}), 0);
  EXPECT_EQ(code({"/bin/sh", "-c", "exit 7"}), 7);
  EXPECT_EQ(code({"/bin/sh", "-c", "kill -KILL $$"}), 137);
  EXPECT_EQ(code({"no-such-command"}), 127);
  EXPECT_EQ(code({"/etc"}), 126);
  EXPECT_EQ((Container{{.init_options = {"--nonsense"}, .application = {"/bin/true"}}}.wait()), 64);
}

// All but KILL and STOP, which nobody can catch, and CHLD, which is about the sender's own children.
TEST_F(InContainer, docker_kill_of_each_kind_arrives) {
  const Container container{{.application = {probe, "signals"}}};
  std::string expected = "ready\n";
  ASSERT_TRUE(container.wait_for_out(expected));
  for (const auto& [name, number] : std::vector<std::pair<const char*, int>>{{"HUP", SIGHUP},
                                                                             {"INT", SIGINT},
                                                                             {"QUIT", SIGQUIT},
                                                                             {"ABRT", SIGABRT},
                                                                             {"USR1", SIGUSR1},
                                                                             {"USR2", SIGUSR2},
                                                                             {"PIPE", SIGPIPE},
                                                                             {"ALRM", SIGALRM},
                                                                             {"CONT", SIGCONT},
                                                                             {"TSTP", SIGTSTP},
                                                                             {"WINCH", SIGWINCH},
                                                                             {"URG", SIGURG},
                                                                             {"IO", SIGIO},
                                                                             {"PWR", SIGPWR},
                                                                             {"SYS", SIGSYS},
                                                                             {"RTMIN+3", SIGRTMIN + 3},
                                                                             {"RTMAX", SIGRTMAX}}) {
    EXPECT_EQ(container.signal(name).exit_code, 0) << name;
    expected += std::to_string(number) + "\n";
    EXPECT_TRUE(container.wait_for_out(expected)) << name << ": " << container.out();
  }
  container.stop();
  EXPECT_EQ(container.wait(), 0);
}

TEST_F(InContainer, a_container_can_be_restarted) {
  const Container container{{.application = {probe, "signals"}}};
  ASSERT_TRUE(container.wait_for_out("ready\n"));
  EXPECT_EQ(container.restart().exit_code, 0);
  ASSERT_TRUE(container.wait_for_out("ready\n15\nready\n"));
  container.stop();
  EXPECT_EQ(container.wait(), 0);
}

TEST_F(InContainer, orphans_are_reaped) {
  const Container container{{.application = {probe, "burst", "300"}}};
  EXPECT_EQ(container.wait(), 0);
  EXPECT_EQ(container.out(), "all reaped\n");
}

// `docker exec` puts processes there whose parent is elsewhere.
TEST_F(InContainer, orphans_of_docker_exec_are_reaped_too) {
  const Container container{{.init_options = {"-v"}, .application = {probe, "signals"}}};
  ASSERT_TRUE(container.wait_for_out("ready\n"));
  EXPECT_EQ(container.execute({"/bin/sh", "-c", "(exit 9) & (sleep 0.05; exit 8) &"}).exit_code, 0);
  EXPECT_TRUE(Supervised::wait_until([&] {
    return container.err().find("which ended with exit code 8\n") != std::string::npos;
  })) << container.err();
  container.stop();
  EXPECT_EQ(container.wait(), 0);
}

struct Restriction {
  const char* name;
  std::vector<std::string> options;
};

void PrintTo(const Restriction& restriction, std::ostream* out) {
  *out << restriction.name;
}

class Restricted : public InContainer, public testing::WithParamInterface<Restriction> {};

TEST_P(Restricted, it_signals_reaps_and_says_the_same) {
  const Container container{{.options = GetParam().options,
                             .init_options = {"-v"},
                             .application = {"/bin/sh", "-c", "(exit 9) & exec \"$0\" signals", probe}}};
  ASSERT_TRUE(container.wait_for_out("ready\n")) << container.err();
  container.signal("USR1");
  EXPECT_TRUE(container.wait_for_out("\n10\n"));
  EXPECT_EQ(container.stop().exit_code, 0);
  EXPECT_EQ(container.wait(), 0);
  EXPECT_THAT(container.err(), HasSubstr("forwarded SIGUSR1 to the application\n"));
  EXPECT_THAT(container.err(), Not(HasSubstr("not PID 1")));
}

INSTANTIATE_TEST_SUITE_P(
    By, Restricted,
    testing::Values(Restriction{"nothing", {}}, Restriction{"a_read_only_root", {"--read-only"}},
                    Restriction{"little_memory", {"--memory=32m"}}, Restriction{"a_user", {"--user=65534:65534"}},
                    Restriction{"no_capabilities", {"--cap-drop=ALL", "--security-opt=no-new-privileges"}},
                    Restriction{"few_processes", {"--pids-limit=8"}},
                    Restriction{"all_of_it",
                                {"--read-only", "--memory=32m", "--user=65534:65534", "--cap-drop=ALL",
                                 "--security-opt=no-new-privileges", "--pids-limit=8"}}),
    [](const auto& info) { return std::string{info.param.name}; });

// Docker's default profile, which all of these tests have.
TEST_F(InContainer, a_seccomp_profile_is_on) {
  const Container container{{.application = {"/bin/grep", "Seccomp:", "/proc/self/status"}}};
  EXPECT_EQ(container.wait(), 0);
  EXPECT_EQ(container.out(), "Seccomp:\t2\n");
}

TEST_F(InContainer, the_application_runs_as_another_user) {
  const Container container{{.init_options = {"--user=nobody"}, .application = {"/usr/bin/id"}}};
  EXPECT_EQ(container.wait(), 0);
  EXPECT_EQ(container.out(), "uid=65534(nobody) gid=65534(nogroup) groups=65534(nogroup)\n");
}

// `docker run -it`, at a terminal of our own.
class Interactive : public InContainer {
 protected:
  Supervised run(const std::vector<std::string>& application) {
    std::vector<std::string> words = fixture::docker_run(
        {.options = {"--rm", "--interactive", "--tty", "--name", name_.text()}, .application = application});
    words.insert(words.begin(), "/usr/bin/docker");
    fixture::SupervisedOptions options{.terminal = fixture::SupervisedOptions::Terminal::controlling};
    if (const char* host = std::getenv("DOCKER_HOST")) options.environment["DOCKER_HOST"] = host;
    return Supervised{words, options};
  }

 private:
  fixture::ContainerName name_;
};

TEST_F(Interactive, ctrl_c_ends_the_application) {
  Supervised terminal = run({"/bin/sh", "-c", "echo ready; exec sleep 100"});
  ASSERT_TRUE(terminal.wait_for_out("ready\r\n"));
  terminal.type(ctrl_c);
  EXPECT_EQ(terminal.wait(), 130);
}

TEST_F(Interactive, ctrl_c_reaches_a_handler_once) {
  Supervised terminal = run({probe, "signals"});
  ASSERT_TRUE(terminal.wait_for_out("ready\r\n"));
  terminal.type(ctrl_c);
  EXPECT_TRUE(terminal.wait_for_out("^C2\r\n"));
  terminal.type("\x1c");  // Ctrl-\, for SIGQUIT
  EXPECT_TRUE(terminal.wait_for_out("^C2\r\n^\\3\r\n")) << terminal.out();
}

TEST_F(Interactive, ctrl_z_leaves_nothing_stopped) {
  Supervised terminal = run({"/bin/cat"});
  terminal.type("first\n");
  ASSERT_TRUE(terminal.wait_for_out("first\r\nfirst\r\n"));
  terminal.type(ctrl_z);
  terminal.type("second\n");
  ASSERT_TRUE(terminal.wait_for_out("second\r\nsecond\r\n")) << terminal.out();
  terminal.type(ctrl_d);
  EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(Interactive, a_shell_has_job_control) {
  Supervised terminal = run({"/bin/bash", "--norc", "-i"});
  terminal.type("set +o emacs; echo rea''dy\n");
  ASSERT_TRUE(terminal.wait_for_out("ready\r\n"));
  EXPECT_THAT(terminal.out(), Not(HasSubstr("no job control")));
  terminal.type("cat\n");
  terminal.type("first\n");
  ASSERT_TRUE(terminal.wait_for_out("first\r\nfirst\r\n"));
  terminal.type(ctrl_z);
  ASSERT_TRUE(terminal.wait_for_out("Stopped"));
  terminal.type("fg\n");
  terminal.type("second\n");
  ASSERT_TRUE(terminal.wait_for_out("cat\r\nsecond\r\n")) << terminal.out();
  terminal.type(ctrl_d);
  terminal.type("exit 5\n");
  EXPECT_EQ(terminal.wait(), 5);
}

}  // namespace
}  // namespace slipway
