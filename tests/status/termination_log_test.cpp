#include "status/termination_log.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture/temp_folder.h"

namespace slipway {
namespace {

using fixture::read_file;
using fixture::TempFolder;
using testing::EndsWith;
using testing::StartsWith;

constexpr std::size_t kubernetes_limit = 4096;

TEST(TerminationMessage, HasMessageHintAndExitCode) {
  EXPECT_EQ(termination_message({ExitCode::migration_failed, "003 failed", "mend it"}),
            "003 failed\nhint: mend it\nexit code 73\n");
  EXPECT_EQ(termination_message({ExitCode::unavailable, "no answer"}), "no answer\nexit code 69\n");
}

TEST(TerminationMessage, IsNeverLongerThanKubernetesReads) {
  for (const std::size_t size : {4000U, 4068U, 4069U, 4070U, 5000U, 100'000U}) {
    const std::string message = termination_message({ExitCode::migration_failed, std::string(size, 'x'), "mend it"});
    EXPECT_LE(message.size(), kubernetes_limit);
    EXPECT_EQ(message.size() == kubernetes_limit, size > 4000U) << size;
    EXPECT_THAT(message, EndsWith("\nhint: mend it\nexit code 73\n"));
  }
  const std::string both =
      termination_message({ExitCode::migration_failed, std::string(5000, 'x'), std::string(5000, 'y')});
  EXPECT_LE(both.size(), kubernetes_limit);
  EXPECT_THAT(both, EndsWith("\nexit code 73\n"));
}

// Kubernetes takes UTF-8 alone.
TEST(TerminationMessage, IsCutBetweenTwoCharacters) {
  std::string text;
  for (int i = 0; i < 3000; ++i)
    text += "é";
  for (const char* const before : {"", "x"}) {
    const std::string message = termination_message({ExitCode::migration_failed, before + text});
    const auto end = message.find("…");
    ASSERT_NE(end, std::string::npos);
    EXPECT_THAT(message.substr(end), StartsWith("…\nexit code"));
    EXPECT_EQ((end - std::string{before}.size()) % 2, 0U);
  }
}

TEST(TerminationLog, ReplacesWhatTheFileHeld) {
  const TempFolder folder;
  const auto file = folder.write("reason", std::string(1000, 'x'));
  write_termination_log(file, {ExitCode::unavailable, "no answer"});
  EXPECT_EQ(read_file(file), "no answer\nexit code 69\n");
}

// As root, in a folder that somebody else may write to.
TEST(TerminationLog, IsNotWrittenThroughALink) {
  const TempFolder folder;
  const auto victim = folder.write("victim", "untouched");
  std::filesystem::create_symlink(victim, folder.path() / "reason");
  write_termination_log(folder.path() / "reason", {ExitCode::unavailable, "no answer"});
  EXPECT_EQ(read_file(victim), "untouched");
}

TEST(TerminationLog, ThatCanNotBeWrittenIsNoError) {
  const TempFolder folder;
  EXPECT_NO_THROW(write_termination_log(folder.path() / "none/reason", {ExitCode::unavailable, "no answer"}));
  EXPECT_NO_THROW(write_termination_log(folder.path(), {ExitCode::unavailable, "no answer"}));
}

}  // namespace
}  // namespace slipway
