#include "init/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "error/error.h"
#include "fixture/program.h"
#include "fixture/temp_folder.h"

namespace slipway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::StartsWith;
using testing::StrEq;

InitOptions parse(const std::vector<const char*>& arguments, const std::vector<const char*>& environment = {}) {
  return parse_init_options(arguments, environment);
}

std::string refusal(const std::vector<const char*>& arguments, const std::vector<const char*>& environment = {}) {
  try {
    parse(arguments, environment);
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::usage);
    return error.message() + "|" + error.hint();
  }
  return "no error";
}

TEST(InitOptions, defaults) {
  const InitOptions options = parse({"app"});
  EXPECT_FALSE(options.group || options.session || options.subreaper || options.warn_on_reap);
  EXPECT_EQ(options.stop_signal, SIGTERM);
  EXPECT_EQ(options.stop_timeout.count(), 0);
  EXPECT_EQ(options.linger, std::chrono::seconds{1});
}

TEST(InitOptions, end_at_the_command) {
  EXPECT_THAT(parse({"-g", "app", "-v", "--", "x"}).command,
              ElementsAre(StrEq("app"), StrEq("-v"), StrEq("--"), StrEq("x")));
  EXPECT_THAT(parse({"-g", "--", "-v"}).command, ElementsAre(StrEq("-v")));
  EXPECT_THAT(parse({"-", "a"}).command, ElementsAre(StrEq("-"), StrEq("a")));
}

TEST(InitOptions, short_ones_stand_together_and_take_values_in_both_ways) {
  const InitOptions options = parse({"-gvvpHUP", "-r", "TERM:QUIT", "-e143", "app"});
  EXPECT_TRUE(options.group);
  EXPECT_EQ(options.verbosity, 2);
  EXPECT_EQ(options.parent_death_signal, SIGHUP);
  EXPECT_THAT(options.rewrites, ElementsAre(Pair(SIGTERM, SIGQUIT)));
  EXPECT_THAT(options.exit_codes, ElementsAre(Pair(143, 0)));
}

TEST(InitOptions, long_ones_take_values_in_both_ways) {
  const InitOptions options = parse({"--linger=0", "--stop-timeout", "1m", "--cwd=/", "app"});
  EXPECT_EQ(options.linger.count(), 0);
  EXPECT_EQ(options.stop_timeout, std::chrono::minutes{1});
  EXPECT_EQ(options.working_directory, "/");
}

// One grammar for all of slipway's settings (base/duration.h); here the longest is a year.
TEST(InitOptions, durations_are_those_of_every_setting) {
  using std::chrono::milliseconds;
  const auto linger = [](const std::string& text) { return parse({("--linger=" + text).c_str(), "app"}).linger; };
  EXPECT_EQ(linger("10"), milliseconds{10'000});
  EXPECT_EQ(linger("5min"), milliseconds{300'000});
  EXPECT_EQ(linger("1h2m3s4ms"), milliseconds{3'723'004});
  EXPECT_EQ(linger("366d"), milliseconds{31'622'400'000});
  for (const char* text : {"s", "-1s", "1.5s", "10 s", "1s5", "5s1m", "367d", "365d25h", "99999999999999999999s", "1y"})
    EXPECT_THAT(refusal({("--linger=" + std::string{text}).c_str(), "app"}),
                HasSubstr("' is not a duration|write 500ms, 10s, 5min"))
        << text;
  EXPECT_EQ(parse({"app"}, {"SLIPWAY_INIT_STOP_TIMEOUT=5min"}).stop_timeout, std::chrono::minutes{5});
}

TEST(InitOptions, lists_add_up_and_the_last_of_the_same_counts) {
  EXPECT_THAT(parse({"-r", "HUP:0", "-r", "1:2", "-r", "USR1:RTMIN", "app"}).rewrites,
              ElementsAre(Pair(SIGHUP, SIGINT), Pair(SIGUSR1, SIGRTMIN)));
  EXPECT_THAT(parse({"-e", "1:2", "-e", "3", "app"}).exit_codes, ElementsAre(Pair(1, 2), Pair(3, 0)));
}

TEST(InitOptions, variables_stand_for_each_and_the_command_line_wins) {
  const std::vector<const char*> environment{"SLIPWAY_INIT_GROUP=yes",
                                             "SLIPWAY_INIT_SETSID=0",
                                             "SLIPWAY_INIT_SUBREAPER=",
                                             "SLIPWAY_INIT_REWRITE=TERM:INT,HUP:0",
                                             "SLIPWAY_INIT_LINGER=3s",
                                             "SLIPWAY_INIT_VERBOSE=2",
                                             "unrelated"};
  const InitOptions options = parse({"--linger=4s", "-r", "TERM:QUIT", "app"}, environment);
  EXPECT_TRUE(options.group);
  EXPECT_FALSE(options.session);
  EXPECT_FALSE(options.subreaper);
  EXPECT_EQ(options.verbosity, 2);
  EXPECT_EQ(options.linger, std::chrono::seconds{4});
  EXPECT_THAT(options.rewrites, ElementsAre(Pair(SIGHUP, 0), Pair(SIGTERM, SIGQUIT)));
}

TEST(InitOptions, errors_name_the_place_and_the_fix) {
  EXPECT_THAT(refusal({}), HasSubstr("no command was given|usage: slipway-init [OPTIONS]"));
  EXPECT_THAT(refusal({"--grop", "app"}), HasSubstr("unknown option --grop|did you mean --group?"));
  EXPECT_THAT(refusal({"-gx", "app"}), HasSubstr("unknown option -x"));
  EXPECT_THAT(refusal({"--linger"}), HasSubstr("--linger needs a value"));
  EXPECT_THAT(refusal({"-p"}), HasSubstr("-p needs a value"));
  EXPECT_THAT(refusal({"--group=1", "app"}), HasSubstr("--group takes no value"));
  EXPECT_THAT(refusal({"-r", "TERM", "app"}), HasSubstr("-r: 'TERM' is not of the form FROM:TO"));
  EXPECT_THAT(refusal({"-r", "KILL:TERM", "app"}), HasSubstr("SIGKILL can't be rewritten"));
  EXPECT_THAT(refusal({"-r", "CHLD:0", "app"}), HasSubstr("SIGCHLD can't be rewritten"));
  EXPECT_THAT(refusal({"-r", "TERM:", "app"}), HasSubstr("'' is not a signal"));
  EXPECT_THAT(refusal({"-e", "256", "app"}), HasSubstr("invalid exit code '256'"));
  EXPECT_THAT(refusal({"-e", "1:-1", "app"}), HasSubstr("invalid exit code '-1'"));
  EXPECT_THAT(refusal({"--signal-mask=xyz", "app"}), HasSubstr("invalid signal mask 'xyz'"));
  EXPECT_THAT(refusal({"--user=", "app"}), HasSubstr("the user is empty"));
  EXPECT_THAT(refusal({"app"}, {"SLIPWAY_INIT_GROUP=maybe"}), HasSubstr("SLIPWAY_INIT_GROUP: invalid value 'maybe'"));
  EXPECT_THAT(refusal({"app"}, {"SLIPWAY_INIT_REWRITE=TERM:INT,"}),
              StartsWith("SLIPWAY_INIT_REWRITE: '' is not of the form FROM"));
}

// An option that silently is not there would show only when it is needed.
TEST(InitOptions, a_misspelt_variable_is_answered_with_the_one_meant) {
  EXPECT_THAT(refusal({"app"}, {"SLIPWAY_INIT_LINGR=3s"}), StrEq("unknown environment variable SLIPWAY_INIT_LINGR|"
                                                                 "did you mean SLIPWAY_INIT_LINGER?"));
  EXPECT_THAT(refusal({"app"}, {"SLIPWAY_INIT_GROUPS="}), HasSubstr("did you mean SLIPWAY_INIT_GROUP?"));
  EXPECT_THAT(refusal({"app"}, {"SLIPWAY_INIT_COLOUR=red"}), HasSubstr("|unset it; slipway-init --help lists"));
  const auto finished =
      fixture::run(fixture::slipway_init(), {"true"},
                   {.environment = {{"SLIPWAY_INIT_USR", "nobody"}}, .folder = {}, .blocked_signals = {}});
  EXPECT_EQ(finished.exit_code, 64);
  EXPECT_THAT(finished.err, HasSubstr("did you mean SLIPWAY_INIT_USER?"));
}

// Those that Kubernetes sets in a pod beside a service named slipway-init.
TEST(InitOptions, leave_others_variables_alone) {
  EXPECT_NO_THROW(parse({"app"}, {"SLIPWAY_INIT_SERVICE_HOST=10.0.0.1", "SLIPWAY_INIT_SERVICE_PORT=80",
                                  "SLIPWAY_INIT_SERVICE_PORT_HTTP=80", "SLIPWAY_INIT_PORT=tcp://10.0.0.1:80",
                                  "SLIPWAY_INIT_PORT_80_TCP=tcp://10.0.0.1:80", "SLIPWAY_INIT_PORT_80_TCP_PROTO=tcp",
                                  "SLIPWAY_INITIAL=1", "SLIPWAY_ROLE=x"}));
}

TEST(InitOptions, help_has_each_of_them) {
  for (const InitOption& option : init_option_table()) {
    EXPECT_THAT(init_help(), HasSubstr("--" + std::string{option.name}));
    EXPECT_THAT(init_help(), HasSubstr(std::string{option.environment}));
  }
}

TEST(InitOptions, help_and_version_are_results_and_need_no_command) {
  for (const char* option : {"-h", "--help"}) {
    const auto finished = fixture::run(fixture::slipway_init(), {option});
    EXPECT_EQ(finished.exit_code, 0);
    EXPECT_EQ(finished.out, init_help());
    EXPECT_THAT(finished.err, IsEmpty());
  }
  EXPECT_THAT(fixture::run(fixture::slipway_init(), {"-V"}).out, StartsWith("slipway-init "));
}

TEST(InitOptions, a_wrong_one_is_one_line_on_stderr_and_exit_code_64) {
  const auto finished = fixture::run(fixture::slipway_init(), {"--lingr=1s", "true"});
  EXPECT_EQ(finished.exit_code, 64);
  EXPECT_EQ(finished.err, "slipway-init: unknown option --lingr: did you mean --linger?\n");
  EXPECT_THAT(finished.out, IsEmpty());
}

// docs/pid1.md holds the table as a person reads it.
TEST(InitOptions, page_has_the_same_table) {
  const std::string page = fixture::read_file(std::filesystem::path{SLIPWAY_DOCS} / "pid1.md");
  for (const InitOption& option : init_option_table()) {
    std::string row = "| `";
    if (option.letter != '\0') row += std::string{'-', option.letter} + "`, `";
    row.append("--").append(option.name);
    if (!option.value.empty()) row.append(" ").append(option.value);
    row += "` | ";
    if (!option.environment.empty()) row.append("`").append(option.environment).append("`");
    row += option.environment.empty() ? "| " : " | ";
    row.append(option.description).append(" |\n");
    EXPECT_THAT(page, HasSubstr(row));
  }
}

}  // namespace
}  // namespace slipway
