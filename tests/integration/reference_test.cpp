#include <regex>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/project.h"

// Man pages and completions: all that --help knows is in them, and those who read them take them as they are.

namespace slipway::fixture {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string printed(const std::vector<std::string>& arguments) {
  Project project;
  const Finished finished = project.run(arguments);
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  return finished.out;
}

// The long options and the commands in a help text.
std::set<std::string> words_of_help(const std::string& help) {
  std::set<std::string> words;
  static const std::regex option{R"(\n  (?:-[a-zA-Z], ?)?--([a-z-]+))"};
  for (auto match = std::sregex_iterator{help.begin(), help.end(), option}; match != std::sregex_iterator{}; ++match)
    words.insert((*match)[1]);
  words.erase("help");
  words.erase("version");
  return words;
}

std::string without_backslashes(std::string text) {
  std::erase(text, '\\');
  return text;
}

TEST(Manual, HasEveryOptionOfTheHelp) {
  const std::string page = without_backslashes(printed({"manual"}));
  std::set<std::string> words = words_of_help(printed({"--help"}));
  EXPECT_GT(words.size(), 15U);
  for (const char* command : {"run", "history", "create", "stamp"})
    words.merge(words_of_help(printed({command, "--help"})));
  for (const std::string& word : words)
    EXPECT_THAT(page, HasSubstr("--" + word));
  EXPECT_THAT(page, HasSubstr("DATABASE_URL_FILE"));
}

TEST(Manual, OfTheInitHasItsOptionsAndVariables) {
  const std::string page = without_backslashes(printed({"manual", "slipway-init"}));
  for (const char* word : {"--stop-timeout", "SLIPWAY_INIT_USER", "--remap-exit"})
    EXPECT_THAT(page, HasSubstr(word));
}

TEST(Manual, IsFormattedWithoutAWarning) {
  for (const char* page : {"slipway", "slipway-init"}) {
    Project project;
    project.write_file("page", printed({"manual", page}));
    const Finished formatted =
        run("/usr/bin/groff", {"-man", "-Tutf8", "-ww", "-z", (project.folder() / "page").string()});
    EXPECT_EQ(formatted.exit_code, 0);
    EXPECT_THAT(formatted.err, IsEmpty());
  }
}

// What bash would offer for these words, which are as it takes the line apart: --flag=value are three.
std::vector<std::string> offered(const std::vector<std::string>& words) {
  Project project;
  project.write_file("completion", printed({"completion", "bash"}));
  std::string script = ". ./completion; COMP_WORDS=(";
  for (const std::string& word : words)
    script += "'" + word + "' ";
  script += R"(); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _slipway; printf '%s\n' "${COMPREPLY[@]}")";
  std::istringstream lines{
      run("/bin/bash", {"-c", script}, {.environment = {}, .folder = project.folder(), .blocked_signals = {}}).out};
  std::vector<std::string> offers;
  for (std::string line; std::getline(lines, line);)
    offers.push_back(line);
  return offers;
}

TEST(Completion, BashOffersCommandsOptionsAndValues) {
  using testing::Contains;
  using testing::ElementsAre;
  EXPECT_THAT(offered({"slipway", "up"}), ElementsAre("upgrade"));
  EXPECT_THAT(offered({"slipway", "upgrade", "--dry"}), ElementsAre("--dry-run"));
  EXPECT_THAT(offered({"slipway", "upgrade", "--lock-w"}), ElementsAre("--lock-wait"));
  EXPECT_THAT(offered({"slipway", "check", "--log-format", ""}), Contains("json"));
  EXPECT_THAT(offered({"slipway", "--role", "edit", "up"}), ElementsAre("upgrade"));
}

TEST(Completion, BashOffersTheValuesOfACommandsOwnOptions) {
  using testing::ElementsAre;
  EXPECT_THAT(offered({"slipway", "history", "--format", ""}),
              ElementsAre("text", "json", "graph", "dot", "mermaid", "html"));
  EXPECT_THAT(offered({"slipway", "show", "--format", ""}), ElementsAre("text", "json"));
  EXPECT_THAT(offered({"slipway", "wait", "--for", ""}), ElementsAre("connection", "head"));
  EXPECT_THAT(offered({"slipway", "health", "--for", "c"}), ElementsAre("connection"));
}

TEST(Completion, BashOffersTheWordsOfAnArgument) {
  using testing::ElementsAre;
  EXPECT_THAT(offered({"slipway", "completion", ""}), ElementsAre("bash", "zsh", "fish"));
  EXPECT_THAT(offered({"slipway", "manual", "slipway-"}), ElementsAre("slipway-init"));
}

TEST(Completion, BashOffersTheValueBehindAnEqualsSign) {
  using testing::ElementsAre;
  EXPECT_THAT(offered({"slipway", "check", "--log-format", "="}), ElementsAre("text", "json", "logfmt"));
  EXPECT_THAT(offered({"slipway", "check", "--log-format", "=", "j"}), ElementsAre("json"));
  EXPECT_THAT(offered({"slipway", "upgrade", "--out-of-order", "=", "al"}), ElementsAre("allow"));
  EXPECT_THAT(offered({"slipway", "history", "--format", "=", "mer"}), ElementsAre("mermaid"));
  EXPECT_THAT(offered({"slipway", "--log-format", "=", "json", "up"}), ElementsAre("upgrade"));
  EXPECT_THAT(offered({"slipway", "--database-url", "postgresql", ":", "//u", "@", "h/d", "up"}),
              ElementsAre("upgrade"));
}

TEST(Completion, BashOffersProgramsAndFilesForTheApplication) {
  using testing::Contains;
  using testing::ElementsAre;
  EXPECT_THAT(offered({"slipway", "run", "--", "mkfif"}), Contains("mkfifo"));
  EXPECT_THAT(offered({"slipway", "run", "--init-linger", "2s", "mkfif"}), Contains("mkfifo"));
  EXPECT_THAT(offered({"slipway", "run", "--no-mig"}), ElementsAre("--no-migrate"));
  EXPECT_THAT(offered({"slipway", "run", "--", "psql", "--no-mig"}), ElementsAre("")) << "files, then";
  EXPECT_THAT(offered({"slipway", "run", "psql", "upg"}), ElementsAre(""));
}

TEST(Completion, FishOffersTheSame) {
  const std::string script = printed({"completion", "fish"});
  EXPECT_THAT(script, HasSubstr(" -l format -x -a 'text json graph dot mermaid html' "));
  EXPECT_THAT(script, HasSubstr(" -l for -x -a 'connection head' "));
  EXPECT_THAT(script, HasSubstr("'__fish_seen_subcommand_from completion' -a 'bash zsh fish'\n"));
}

TEST(Completion, IsASmoothScriptForEveryShellThatIsHere) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    Project project;
    project.write_file("completion", printed({"completion", shell}));
    const std::filesystem::path program = std::filesystem::path{"/usr/bin"} / shell;
    if (!std::filesystem::exists(program)) continue;
    const Finished read = run(program, {"-n", (project.folder() / "completion").string()});
    EXPECT_EQ(read.exit_code, 0) << shell << ": " << read.err;
  }
  Project project;
  EXPECT_EQ(project.run({"completion", "tcsh"}).exit_code, 64);
}

}  // namespace
}  // namespace slipway::fixture
