#include <sstream>
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

class Mistakes : public testing::Test {
 protected:
  void fails_with(const std::vector<std::string>& arguments, const std::string& words) {
    const Finished finished = project.run(arguments);
    EXPECT_EQ(finished.exit_code, 64) << finished.err;
    EXPECT_THAT(finished.err, HasSubstr(words));
  }

  Project project;
};

TEST_F(Mistakes, AreUsageErrorsWithTheNearestName) {
  fails_with({"upgrad"}, "did you mean upgrade?");
  fails_with({"upgrade", "--dry-rum"}, "did you mean --dry-run?");
  fails_with({"run", "--wait-timout", "5s", "--", "true"}, "did you mean --wait-timeout?");
  fails_with({"run"}, "no application command was given");
  fails_with({}, "no command was given");
  fails_with({"current", "extra"}, "unexpected argument 'extra'");
  fails_with({"create"}, "MESSAGE");
  fails_with({"upgrade", "--lock-timeout", "soon"}, "lock-timeout");
  fails_with({"upgrade", "--hep"}, "did you mean --help? ");
}

TEST_F(Mistakes, TheWordsOfOtherToolsAreKnown) {
  fails_with({"migrate"}, "did you mean upgrade? `slipway --help`");
  fails_with({"rollback"}, "did you mean downgrade?");
  fails_with({"status"}, "did you mean history -i?");
  fails_with({"new"}, "did you mean create?");
  fails_with({"baseline"}, "did you mean stamp?");
  fails_with({"validate"}, "did you mean check?");
  fails_with({"repair"}, "did you mean accept?");
}

TEST_F(Mistakes, WhatIsMissingComesWithAnExample) {
  fails_with({"stamp"}, "TARGET is required\n  hint: for example: slipway stamp head\n");
  fails_with({"show"}, "hint: for example: slipway show head\n");
  fails_with({"rebase", "003"}, "hint: for example: slipway rebase 003a --onto 003b --dry-run\n");
  fails_with({"completion"}, "hint: for example: source <(slipway completion bash)\n");
  fails_with({"create"}, "hint: for example: slipway create 'add invoices'\n");
  fails_with({"stamp", "head", "--purge", "--sql"}, "`slipway stamp --help` lists its options");
}

TEST_F(Mistakes, TheHintIsWhatWasMeant) {
  fails_with({"create", "add", "big", "invoices"}, "hint: quote the message: slipway create 'add big invoices'\n");
  fails_with({"create", "don't", "wait"}, "hint: quote the message\n");
  fails_with({"history", "001:003"}, "hint: give a range with -r: slipway history -r 001:003\n");
  fails_with({"resolve", "001", "--done", "--retry"}, "--done and --retry exclude each other");
  fails_with({"resolve", "001"}, "neither --done nor --retry was given");
}

TEST_F(Mistakes, TheOptionsOfTheInitAreNamedAsTheyWereTyped) {
  fails_with({"run", "--init-stop-signal", "FOO", "--", "true"}, "--init-stop-signal: 'FOO' is not a signal");
  fails_with({"run", "--user", "", "--", "true"}, "--user: ");
  fails_with({"run", "--exec", "--init-group", "--", "true"}, "--exec can't be combined with --init-group, because");
  fails_with({"run", "--exec", "--init-linger", "2s", "--", "true"},
             "--exec can't be combined with --init-linger, because");
  fails_with({"run", "--exec", "--user", "0", "--", "true"}, "--exec can't be combined with --user, because");
}

TEST(CommandLine, HelpIsACommandToo) {
  Project project;
  EXPECT_EQ(project.run({"help"}).out, project.run({"--help"}).out);
  const Finished help = project.run({"help", "stamp"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_EQ(help.out, project.run({"stamp", "--help"}).out);
  const Finished unknown = project.run({"help", "stmap"});
  EXPECT_EQ(unknown.exit_code, 64);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean stamp?"));
}

// The value of an option may be the name of a command, before the command and behind it, in one word and in two.
TEST(CommandLine, AValueThatIsACommandsNameIsAValue) {
  Project project;
  project.write_two_revisions();
  project.set("DATABASE_URL", "host=127.0.0.1 port=1");
  const auto value_of = [&](const std::string& key, const std::vector<std::string>& arguments) {
    std::istringstream config{project.run(arguments).out};
    for (std::string name, value; config >> name >> value; std::getline(config, name))
      if (name == key) return value;
    return std::string{"(no such line)"};
  };
  for (const std::string command : {"run", "current", "upgrade", "help", "config", "create"}) {
    EXPECT_EQ(value_of("role", {"--role", command, "config"}), command);
    EXPECT_EQ(value_of("role", {"config", "--role", command}), command);
    EXPECT_EQ(value_of("role", {"--role=" + command, "config"}), command);
    EXPECT_EQ(value_of("role", {"--lock-timeout", "1s", "--role", command, "--version-table", command, "config"}),
              command);
    EXPECT_EQ(value_of("version-schema", {"--out-of-order", "--version-schema", command, "config"}), command);
    EXPECT_EQ(value_of("migrate-with", {"config", "--migrate-with=" + command}), command);
    EXPECT_THAT(value_of("migrations", {"--migrations", command, "--migrations", "run", "config"}),
                HasSubstr("/" + command + ":"));
  }
}

// So is one of the application's words, and a message.
TEST(CommandLine, AWordOfTheApplicationThatIsACommandsNameIsTheApplications) {
  Project project;
  project.write_two_revisions();
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"--version-table", "run", "run", "/bin/echo", "current", "--role", "run"},
           {"run", "--version-table", "run", "/bin/echo", "current", "--role", "run"},
           {"--version-table=run", "run", "--", "/bin/echo", "current", "--role", "run"}}) {
    const Finished launch = project.run(arguments);
    EXPECT_EQ(launch.exit_code, 0) << launch.err;
    EXPECT_EQ(launch.out, "current --role run\n");
  }
  EXPECT_EQ(project.database().value("SELECT to_regclass('run') IS NOT NULL"), "t");
  const Finished create = project.run({"--version-table", "run", "create", "upgrade"});
  EXPECT_EQ(create.exit_code, 0) << create.err;
}

TEST(CommandLine, ASelectorBehindSuchAValueIsOneStill) {
  Project project;
  project.write_two_revisions();
  ASSERT_EQ(project.run({"upgrade", "--version-table", "current"}).exit_code, 0);
  const Finished downgrade = project.run({"--version-table", "current", "downgrade", "-1"});
  EXPECT_EQ(downgrade.exit_code, 0) << downgrade.err;
  EXPECT_THAT(project.run({"--version-table", "current", "current"}).out, HasSubstr("001"));
}

TEST(CommandLine, HelpShowsHowASettingIsWritten) {
  EXPECT_THAT(Project{}.run({"--help"}).out, HasSubstr("  --out-of-order[=WHAT] "));
}

TEST(CommandLine, AFlagOfTheInitThatIsGivenAValueIsAUsageError) {
  Project project;
  const Finished finished = project.run({"run", "--init-group=false", "--", "/bin/true"});
  EXPECT_EQ(finished.exit_code, 64) << finished.err;
  EXPECT_THAT(finished.err, Not(HasSubstr("internal")));
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
    EXPECT_THAT(finished.err, HasSubstr("could not be written to stdout"));
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
