// The log never holds up the init, whatever stderr is.

#include "init/diagnostics.h"

#include <array>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fixture/program.h"
#include "fixture/temp_folder.h"
#include "init/supervised.h"
#include "process/signals.h"

namespace slipway {
namespace {

using fixture::probe;
using fixture::slipway_init;
using fixture::Supervised;
using fixture::SupervisedOptions;
using Namespace = SupervisedOptions::Namespace;

struct Pair {
  std::array<int, 2> ends{};
  ~Pair() {
    for (const int end : ends)
      ::close(end);
  }
};

std::string read_end(int descriptor) {
  std::array<char, 4096> text{};
  const ssize_t size = ::read(descriptor, text.data(), text.size());
  return {text.data(), size < 0 ? 0 : static_cast<std::size_t>(size)};
}

void fill(int descriptor) {
  const int flags = ::fcntl(descriptor, F_GETFL);
  ::fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
  const std::string block(4096, 'x');
  while (::write(descriptor, block.data(), block.size()) > 0) {
  }
  ::fcntl(descriptor, F_SETFL, flags);
}

TEST(Diagnostics, write_to_a_pipe_a_socket_and_a_file) {
  Pair pipe;
  ASSERT_EQ(::pipe(pipe.ends.data()), 0);
  write_without_waiting(pipe.ends[1], "a line\n");
  EXPECT_EQ(read_end(pipe.ends[0]), "a line\n");

  Pair socket;
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, socket.ends.data()), 0);
  write_without_waiting(socket.ends[1], "a line\n");
  EXPECT_EQ(read_end(socket.ends[0]), "a line\n");

  const fixture::TempFolder folder;
  const auto file = folder.write("log", "first\n");
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_APPEND);
  write_without_waiting(descriptor, "a line\n");
  ::close(descriptor);
  EXPECT_EQ(fixture::read_file(file), "first\na line\n");
}

// A test that fails here hangs, and is ended by its time limit.
TEST(Diagnostics, drop_what_a_full_pipe_or_socket_does_not_take) {
  Pair pipe;
  ASSERT_EQ(::pipe(pipe.ends.data()), 0);
  fill(pipe.ends[1]);
  write_without_waiting(pipe.ends[1], "a line\n");

  Pair socket;
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, socket.ends.data()), 0);
  fill(socket.ends[1]);
  write_without_waiting(socket.ends[1], "a line\n");
}

TEST(Diagnostics, do_nothing_on_a_descriptor_that_is_closed) {
  write_without_waiting(-1, "a line\n");
}

TEST(Diagnostics, take_back_the_sigpipe_of_a_reader_that_is_gone) {
  const SignalSet before = set_signal_mask(SignalSet::of(SIGPIPE));
  Pair pipe;
  ASSERT_EQ(::pipe(pipe.ends.data()), 0);
  ::close(pipe.ends[0]);
  write_without_waiting(pipe.ends[1], "a line\n");
  EXPECT_FALSE(pending_signals().has(SIGPIPE));
  pipe.ends[0] = -1;
  set_signal_mask(before);
}

// The application's own signals go on while nobody reads the log.
TEST(Diagnostics, a_full_stderr_holds_nothing_up) {
  Pair pipe;
  ASSERT_EQ(::pipe2(pipe.ends.data(), O_CLOEXEC), 0);
  fill(pipe.ends[1]);
  Supervised program{{slipway_init(), "-s", "-vv", probe(), "signals"},
                     {.before_exec = [&pipe] { ::dup2(pipe.ends[1], STDERR_FILENO); }}};
  ASSERT_TRUE(program.wait_for_out("ready\n"));
  for (const int signal : {SIGUSR1, SIGUSR2, SIGTERM})
    program.signal(signal);
  EXPECT_EQ(program.wait(), 0);
  EXPECT_TRUE(program.wait_for_out("\n15\n"));
}

class DiagnosticsOnTerminal : public testing::TestWithParam<SupervisedOptions::Namespace> {
 protected:
  void SetUp() override {
    if (GetParam() == Namespace::none) return;
    if (!fixture::can_make_namespaces()) GTEST_SKIP() << "no PID namespaces here";
    if (!fixture::runs_without_proc) GTEST_SKIP() << "a sanitizer needs /proc";
  }
};

// For a terminal poll(2) tells of room for a byte, when there is none for a line.
TEST_P(DiagnosticsOnTerminal, nobody_reads_and_nothing_is_held_up) {
  Pair terminal;
  ASSERT_EQ(::openpty(terminal.ends.data(), &terminal.ends[1], nullptr, nullptr, nullptr), 0);
  for (const int end : terminal.ends)
    ::fcntl(end, F_SETFD, FD_CLOEXEC);
  Supervised program{
      {slipway_init(), "-s", "-vv", probe(), "signals"},
      {.pid_namespace = GetParam(), .before_exec = [&terminal] { ::dup2(terminal.ends[1], STDERR_FILENO); }}};
  ASSERT_TRUE(program.wait_for_out("ready\n"));
  // More lines than the terminal holds. Each signal waits for the one before: of equal ones that are pending, one is
  // left.
  std::string expected = "ready\n";
  for (int i = 0; i < 2000; ++i) {
    program.signal(SIGUSR1);
    expected += "10\n";
    ASSERT_TRUE(Supervised::wait_until([&] { return program.out().size() >= expected.size(); })) << i;
  }
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(), 0);
  EXPECT_EQ(program.out(), expected + "15\n");
}

INSTANTIATE_TEST_SUITE_P(WithAndWithoutProc, DiagnosticsOnTerminal,
                         testing::Values(Namespace::none, Namespace::pid_without_proc));

TEST(Diagnostics, a_stderr_without_a_reader_sends_the_application_no_sigpipe) {
  Pair pipe;
  ASSERT_EQ(::pipe2(pipe.ends.data(), O_CLOEXEC), 0);
  ::close(pipe.ends[0]);
  Supervised program{{slipway_init(), "-s", "-vv", probe(), "signals"},
                     {.before_exec = [&pipe] { ::dup2(pipe.ends[1], STDERR_FILENO); }}};
  ASSERT_TRUE(program.wait_for_out("ready\n"));
  for (int i = 0; i < 5; ++i)
    program.signal(SIGUSR1);
  ASSERT_TRUE(program.wait_for_out("10\n"));
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(), 0);
  EXPECT_THAT(program.out(), testing::Not(testing::HasSubstr("\n13\n")));
  pipe.ends[0] = -1;
}

}  // namespace
}  // namespace slipway
