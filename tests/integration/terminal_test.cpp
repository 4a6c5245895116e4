#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/project.h"

// What a person sees on a terminal and a program on a pipe does not. script(1) brings the terminal.

namespace slipway::fixture {
namespace {

using testing::HasSubstr;
using testing::Not;

class Terminal : public testing::Test {
 protected:
  Terminal() {
    project_.write_two_revisions();
    project_.write("003_slow.sql", "SELECT pg_sleep(0.5);");
  }

  // All that shows: stdout and stderr are the one terminal.
  std::string shown(const std::string& arguments, std::map<std::string, std::string> environment = {}) {
    environment.emplace("DATABASE_URL", project_.database().url());
    environment.emplace("TERM", "xterm");
    const Finished finished =
        run("/usr/bin/script", {"-qec", slipway().string() + " " + arguments, "/dev/null"},
            {.environment = std::move(environment), .folder = project_.folder(), .blocked_signals = {}});
    EXPECT_EQ(finished.exit_code, 0) << finished.out;
    return finished.out;
  }

  Project project_;
};

constexpr const char* wipe = "\r\x1b[K";
constexpr const char* colored = "\x1b[32m";

TEST_F(Terminal, ALineSaysWhatLastsAndGoesAwayAgain) {
  const std::string out = shown("upgrade");
  EXPECT_THAT(out, HasSubstr("\rapplying 003 "));
  const auto last_live_line = out.rfind("\rapplying 003 ");
  EXPECT_NE(out.find(wipe, last_live_line), std::string::npos);
  EXPECT_GT(out.find("applied 003"), last_live_line);
}

TEST_F(Terminal, TheLogHasColorsUnlessTheyAreUnwanted) {
  EXPECT_THAT(shown("upgrade 001"), HasSubstr(colored));
  EXPECT_THAT(shown("upgrade 002", {{"NO_COLOR", "1"}}), Not(HasSubstr("\x1b[3")));
  EXPECT_THAT(shown("downgrade --color never"), Not(HasSubstr("\x1b[3")));
}

TEST_F(Terminal, JsonLinesStayJsonLines) {
  const std::string out = shown("upgrade --log-format json");
  EXPECT_THAT(out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(out, Not(HasSubstr("\rapplying")));
}

TEST_F(Terminal, APipeGetsNeither) {
  const Finished finished = project_.run({"upgrade"});
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_THAT(finished.err, Not(HasSubstr("\x1b")));
  EXPECT_THAT(finished.err, Not(HasSubstr("\r")));
}

// A person is there to start the server, and would rather be told.
TEST_F(Terminal, WhyThereIsNoServerIsSaidAtOnce) {
  for (const std::string command : {"upgrade", "current", "check", "stamp head", "current 2>/dev/null </dev/tty"}) {
    const Finished finished =
        run("/usr/bin/script", {"-qec", slipway().string() + " " + command, "/dev/null"},
            {.environment = {{"DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none"}, {"TERM", "xterm"}},
             .folder = project_.folder(),
             .blocked_signals = {}});
    EXPECT_EQ(finished.exit_code, 69) << finished.out;
    EXPECT_THAT(finished.out, Not(HasSubstr("waiting for PostgreSQL")));
    if (command.find("2>") != std::string::npos) continue;
    EXPECT_THAT(finished.out, HasSubstr("Connection refused"));
    EXPECT_THAT(finished.out, HasSubstr("use --wait-timeout 60s to wait for it"));
  }
}

}  // namespace
}  // namespace slipway::fixture
