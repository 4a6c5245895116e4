#include "process/executable.h"

#include <array>
#include <cerrno>
#include <filesystem>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture/temp_folder.h"

// What is said of a command before it is executed is what the kernel says then.

namespace slipway {
namespace {

namespace fs = std::filesystem;

constexpr int executed = 0;

class ExecutableTest : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text, mode_t mode = 0755) const {
    const fs::path file = folder_.write(name, text);
    ::chmod(file.c_str(), mode);
    return file;
  }

  // A program that does nothing, with one of its bytes or words changed.
  std::string program(const std::string& name, const std::string& from, const std::string& to) const {
    std::string text = fixture::read_file("/bin/true");
    if (const auto at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
    return write(name, text);
  }

  // The errno of an execution in a child, or 0 if it was executed.
  static int execution(Executable& executable) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      const int reason = executable.execute().errno_value;
      ::_exit(::write(ends[1], &reason, sizeof reason) == sizeof reason ? 1 : 2);
    }
    ::close(ends[1]);
    int reason = executed;
    if (::read(ends[0], &reason, sizeof reason) != sizeof reason) reason = executed;
    ::close(ends[0]);
    ::waitpid(child, nullptr, 0);
    return reason;
  }

  static void expect(const std::string& command, int reason, const std::string& path = "/bin:/usr/bin") {
    const std::array<const char*, 1> words{command.c_str()};
    const std::string variable = "PATH=" + path;
    const std::array<const char*, 1> environment{variable.c_str()};
    Executable executable{words, environment};
    EXPECT_EQ(executable.check().errno_value, reason) << command;
    EXPECT_EQ(execution(executable), reason) << command;
  }

  std::string in(const std::string& name) const { return folder_.path() / name; }

  fixture::TempFolder folder_;
};

TEST_F(ExecutableTest, IsWhatTheKernelExecutes) {
  expect("/bin/true", executed);
  expect("true", executed);
  expect(write("script", "#!/bin/sh\nexit 0\n"), executed);
  expect(write("spaced", "#! \t/bin/sh -e\nexit 0\n"), executed);
  expect(write("plain", "exit 0\n"), executed);
  expect(write("empty", ""), executed);
  expect(write("last line", "#!/bin/true"), executed);
}

TEST_F(ExecutableTest, IsRefusedForTheReasonOfTheKernel) {
  expect(in("missing"), ENOENT);
  expect("no-such-program", ENOENT);
  expect(write("file", "") + "/below", ENOTDIR);
  expect("/etc", EACCES);
  expect(write("no permission", "#!/bin/sh\n", 0644), EACCES);
  expect(write("windows", "#!/bin/sh\r\nexit 0\r\n"), ENOENT);
  expect(write("no interpreter", "#!/no/such/interpreter\n"), ENOENT);
  expect(write("bad interpreter", "#!" + write("text", "", 0644) + "\n"), EACCES);
  ASSERT_EQ(::mkfifo(in("pipe").c_str(), 0755), 0);
  expect(in("pipe"), EACCES);
}

#if defined(__x86_64__)
TEST_F(ExecutableTest, IsRefusedWhereItsLoaderIsMissing) {
  expect(program("musl", "/lib64/ld-linux-x86-64", "/lib64/ld-no-such-lib"), ENOENT);
}
#endif

// Another program may be registered for them (binfmt_misc(5)), which only the kernel knows.
TEST_F(ExecutableTest, IsLeftToTheKernelInAForeignFormat) {
  using namespace std::string_literals;
  const std::string foreign =
      write("foreign", "\x7f"s + "ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\xF3\0"s + std::string(200, '\0'));
  const std::array<const char*, 1> words{foreign.c_str()};
  Executable executable{words, {}};
  EXPECT_EQ(executable.check().errno_value, 0);
}

TEST_F(ExecutableTest, IsTheFirstInPathThatCanBeExecuted) {
  const std::string first = fs::path{write("a/tool", "", 0644)}.parent_path();
  const std::string second = fs::path{write("b/tool", "#!/bin/true\n")}.parent_path();
  expect("tool", executed, "/no/such/folder:" + first + ":" + second);
  expect("tool", EACCES, "/no/such/folder:" + first);
  expect("tool", ENOENT, "/no/such/folder");
}

}  // namespace
}  // namespace slipway
