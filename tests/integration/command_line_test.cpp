#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/project.h"

// What is said to the command line itself: mistakes, help, settings, a result that can't be written.

namespace slipway::fixture {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(CommandLine, MistakesAreUsageErrorsWithTheNearestName) {
  Project project;
  const auto fails_with = [&](const std::vector<std::string>& arguments, const std::string& words) {
    const Finished finished = project.run(arguments);
    EXPECT_EQ(finished.exit_code, 64) << finished.err;
    EXPECT_THAT(finished.err, HasSubstr(words));
  };
  fails_with({"upgrad"}, "did you mean upgrade?");
  fails_with({"upgrade", "--dry-rum"}, "did you mean --dry-run?");
  fails_with({"run", "--wait-timout", "5s", "--", "true"}, "did you mean --wait-timeout?");
  fails_with({"run"}, "run what?");
  fails_with({}, "no command was given");
  fails_with({"current", "extra"}, "unexpected argument 'extra'");
  fails_with({"create"}, "MESSAGE");
  fails_with({"upgrade", "--lock-timeout", "soon"}, "lock-timeout");
}

TEST(CommandLine, AFlagOfTheInitThatIsGivenAValueIsAUsageError) {
  Project project;
  const Finished finished = project.run({"run", "--init-group=false", "--", "/bin/true"});
  EXPECT_EQ(finished.exit_code, 64) << finished.err;
  EXPECT_THAT(finished.err, Not(HasSubstr("bug")));
}

TEST(CommandLine, AResultThatCannotBeWrittenIsAnError) {
  Project project;
  project.write_two_revisions();
  for (const std::string command : {"history", "config", "upgrade --help", "upgrade --dry-run"}) {
    const Finished finished = run("/bin/sh", {"-c", slipway().string() + " " + command + " > /dev/full"},
                                  {.environment = {{"DATABASE_URL", project.database().url()}},
                                   .folder = project.folder(),
                                   .blocked_signals = {}});
    EXPECT_EQ(finished.exit_code, 74) << command;
    EXPECT_THAT(finished.err, HasSubstr("can't be written to stdout"));
  }
}

TEST(CommandLine, EveryCommandHasHelpWithAnExample) {
  Project project;
  for (const char* command :
       {"run",     "wait",           "health",   "upgrade", "downgrade", "stamp",    "check",  "current",
        "history", "heads",          "branches", "show",    "create",    "revision", "merge",  "rebase",
        "edit",    "ensure-version", "accept",   "resolve", "config",    "version",  "manual", "completion"}) {
    const Finished help = project.run({command, "--help"});
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_THAT(help.out, HasSubstr("xample: ")) << command;
  }
}

TEST(CommandLine, ConfigShowsWhereEachSettingComesFromAndMasksSecrets) {
  Project project;
  project.set("SLIPWAY_ROLE", "migrator");
  const Finished config = project.run({"config", "--lock-timeout", "7s"});
  EXPECT_EQ(config.exit_code, 0);
  EXPECT_THAT(config.out, HasSubstr("environment SLIPWAY_ROLE"));
  EXPECT_THAT(config.out, HasSubstr("flag --lock-timeout"));
  EXPECT_THAT(config.out, Not(HasSubstr(std::string{Postgres::password})));
}

}  // namespace
}  // namespace slipway::fixture
