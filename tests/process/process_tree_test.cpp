#include "process/process_tree.h"

#include <array>
#include <functional>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "base/wait.h"
#include "error/error.h"
#include "fixture/temp_folder.h"

// Real processes that try to get away. The invariant: once the tree is over, nothing of it runs.

namespace slipway {
namespace {

using namespace std::chrono_literals;
using Event = ProcessTree::Event;
using testing::ElementsAre;
using testing::HasSubstr;

bool is_running(pid_t process) {
  return ::kill(process, 0) == 0;
}

// Shell functions: `daemon COMMAND…` has left session, group and parent.
constexpr auto functions = R"sh(
daemon() { setsid sh -c '"$@" & exit' sh "$@"; }
)sh";

class ProcessTreeTest : public testing::Test {
 protected:
  ProcessTreeTest() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error{"pipe2"};
    source_.reset(ends[0]);
    sink_.reset(ends[1]);
    ::sigemptyset(&none_);
  }

  ProcessTree::Command command(const std::string& script, std::chrono::milliseconds patience = 60s) const {
    return {.program = "/bin/sh",
            .arguments = {"-c", functions + script},
            .environment = {"PATH=/usr/bin:/bin", "WORD=a b"},
            .mask = none_,
            .output = sink_.number(),
            .patience = patience};
  }

  static std::vector<Event> events_of(ProcessTree& tree) {
    std::vector<Event> events;
    while (!tree.is_over()) {
      if (wait({readable(tree.descriptor())}, Deadline::after(30s)).none()) throw std::runtime_error{"no event"};
      if (const auto event = tree.event()) events.push_back(*event);
    }
    return events;
  }

  // The next line of what the command prints.
  std::string line() const {
    std::string text;
    for (char c = 0; ::read(source_.number(), &c, 1) == 1 && c != '\n';)
      text += c;
    return text;
  }
  pid_t process() const { return std::stoi(line()); }
  // All that it prints until nobody has the pipe any more.
  std::string rest() {
    sink_.reset();
    std::string text;
    for (char c = 0; ::read(source_.number(), &c, 1) == 1;)
      text += c;
    return text;
  }

  Descriptor source_;
  Descriptor sink_;
  sigset_t none_{};
};

TEST_F(ProcessTreeTest, EndsWithItsCommand) {
  ProcessTree tree{command("echo $WORD; exit 7")};
  EXPECT_THAT(events_of(tree), ElementsAre(Event::command_ended, Event::over));
  EXPECT_EQ(tree.exit_code(), 7);
  EXPECT_EQ(line(), "a b");
}

TEST_F(ProcessTreeTest, TellsTheSignalThatHasEndedItsCommand) {
  ProcessTree tree{command("kill -KILL $$")};
  events_of(tree);
  EXPECT_EQ(tree.exit_code(), 137);
}

TEST_F(ProcessTreeTest, StopsWhatItsCommandHasLeftBehind) {
  ProcessTree tree{command("sh -c 'echo $$; exec sleep 600' & daemon sh -c 'echo $$; exec sleep 600'; sleep 0.3")};
  const std::array processes{process(), process()};
  EXPECT_THAT(events_of(tree), ElementsAre(Event::command_ended, Event::left_behind, Event::over));
  EXPECT_EQ(tree.exit_code(), 0);
  for (const pid_t one : processes)
    EXPECT_FALSE(is_running(one));
}

TEST_F(ProcessTreeTest, IsStoppedByASignalToAllOfItsProcesses) {
  ProcessTree tree{
      command("trap 'exit 3' TERM; daemon sh -c 'trap \"echo bye; exit\" TERM; echo $$; while :; do sleep "
              "0.01; done'; echo up; while :; do sleep 0.01; done")};
  const std::array words{line(), line()};  // in any order
  const pid_t daemon = std::stoi(words[0] == "up" ? words[1] : words[0]);
  tree.stop(SIGTERM);
  events_of(tree);
  EXPECT_EQ(tree.exit_code(), 3);
  EXPECT_THAT(rest(), HasSubstr("bye\n"));
  EXPECT_FALSE(is_running(daemon));
}

TEST_F(ProcessTreeTest, IsKilledWhenThePatienceIsOver) {
  ProcessTree tree{
      command("trap '' TERM; daemon sh -c 'trap \"\" TERM; echo $$; while :; do sleep 0.01; done'; "
              "while :; do sleep 0.01; done",
              100ms)};
  const pid_t daemon = process();
  tree.stop(SIGTERM);
  EXPECT_THAT(events_of(tree), ElementsAre(Event::killed, Event::over));
  EXPECT_FALSE(is_running(daemon));
}

// The group of a process that is stopped takes a signal only when it goes on.
TEST_F(ProcessTreeTest, EndsWhatIsStopped) {
  ProcessTree tree{command("sh -c 'echo $$; kill -STOP $$; sleep 600'; true")};
  const pid_t stopped = process();
  tree.stop(SIGTERM);
  events_of(tree);
  EXPECT_FALSE(is_running(stopped));
}

TEST_F(ProcessTreeTest, IsOverWhenItIsDestroyed) {
  pid_t daemon = 0;
  {
    const ProcessTree tree{command("daemon sh -c 'echo $$; exec sleep 600'; sleep 600")};
    daemon = process();
  }
  EXPECT_FALSE(is_running(daemon));
}

// By whom it may concern: a lack of memory, for one. There is no status to tell then.
TEST_F(ProcessTreeTest, IsOverWhenItsSupervisorIsKilled) {
  ProcessTree tree{command("echo $$; echo $PPID; sleep 600; true")};
  process();
  ::kill(process(), SIGKILL);
  EXPECT_THAT(events_of(tree), ElementsAre(Event::over));
  EXPECT_EQ(tree.exit_code(), std::nullopt);
  EXPECT_EQ(rest(), "");
}

TEST_F(ProcessTreeTest, SaysWhyItsProgramCannotBeExecuted) {
  const fixture::TempFolder folder;
  const auto exit_code = [&](const std::string& program) {
    ProcessTree::Command what = command("");
    what.program = program;
    ProcessTree tree{what};
    try {
      events_of(tree);
    } catch (const Error& error) {
      return error.exit_code();
    }
    return ExitCode::success;
  };
  EXPECT_EQ(exit_code("/no/such/program"), ExitCode::not_found);
  EXPECT_EQ(exit_code(folder.write("file", "").string()), ExitCode::not_executable);
}

TEST_F(ProcessTreeTest, GivesItsCommandNoDescriptorButTheStandardOnes) {
  ProcessTree tree{command("exec ls /proc/self/fd")};
  events_of(tree);
  EXPECT_EQ(rest(), "0\n1\n2\n3\n");  // the last is the folder that ls reads
}

TEST_F(ProcessTreeTest, GivesItsCommandTheMaskThatItIsToHave) {
  ProcessTree::Command what = command("grep -E 'SigBlk|SigIgn' /proc/self/status | tr -d ' \\t\\n'; echo");
  ::sigaddset(&what.mask, SIGUSR2);
  ProcessTree tree{what};
  events_of(tree);
  EXPECT_EQ(line(), "SigBlk:0000000000000800SigIgn:0000000000000000");
}

// The connection that holds a lock, for one.
TEST_F(ProcessTreeTest, KeepsWhatIsToBeHeldOpenUntilItIsOver) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const Descriptor source{ends[0]};
  Descriptor sink{ends[1]};
  ProcessTree::Command what = command("echo up; sleep 600");
  what.held = {sink.number()};
  ProcessTree tree{what};
  sink.reset();
  EXPECT_EQ(line(), "up");
  EXPECT_TRUE(wait({readable(source.number())}, Deadline::after(0ms)).none());
  tree.stop(SIGTERM);
  events_of(tree);
  EXPECT_TRUE(wait({readable(source.number())}, Deadline::after(0ms)).any());
}

}  // namespace
}  // namespace slipway
