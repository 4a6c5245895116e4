#include <filesystem>
#include <regex>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture/temp_folder.h"

// The pages on what leaves the program, held against its source.

namespace slipway::fixture {
namespace {

using testing::HasSubstr;

const std::filesystem::path root = SLIPWAY_SOURCE;

std::set<std::string> events_of(const std::filesystem::path& folder) {
  static const std::regex call{
      R"rx(log::(?:trace|debug|info|warning|error|write)\(\s*(?:[a-z]+ \? |level_of\([a-z.]+\), )?"([a-z_.]+)"(?: : "([a-z_.]+)")?)rx"};
  std::set<std::string> events;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
    if (entry.path().extension() != ".cpp") continue;
    const std::string source = read_file(entry.path());
    for (auto match = std::sregex_iterator{source.begin(), source.end(), call}; match != std::sregex_iterator{};
         ++match) {
      events.insert((*match)[1]);
      if ((*match)[2].matched) events.insert((*match)[2]);
    }
  }
  return events;
}

TEST(Documentation, NamesEveryLogEvent) {
  const std::string page = read_file(root / "docs/log-events.md");
  std::set<std::string> events = events_of(root / "src");
  events.merge(events_of(root / "entrypoint"));
  EXPECT_GT(events.size(), 20U);
  for (const std::string& event : events)
    EXPECT_THAT(page, HasSubstr("`" + event + "`"));

  // And nothing that no longer happens.
  const std::regex row{R"(\n\| (`[a-z_.]+`(?:, `[a-z_.]+`)*) \|)"};
  const std::regex name{"`([a-z_.]+)`"};
  for (auto match = std::sregex_iterator{page.begin(), page.end(), row}; match != std::sregex_iterator{}; ++match) {
    const std::string names = (*match)[1];
    for (auto word = std::sregex_iterator{names.begin(), names.end(), name}; word != std::sregex_iterator{}; ++word)
      EXPECT_TRUE(events.contains((*word)[1])) << (*word)[1];
  }
}

TEST(Documentation, NamesEveryExitCode) {
  const std::string page = read_file(root / "docs/exit-codes.md");
  const std::string header = read_file(root / "src/error/exit_code.h");
  const std::regex value{R"(= ([0-9]+),)"};
  for (auto match = std::sregex_iterator{header.begin(), header.end(), value}; match != std::sregex_iterator{}; ++match)
    EXPECT_THAT(page, HasSubstr("\n| " + (*match)[1].str() + " |"));
}

TEST(Documentation, NamesEveryCommand) {
  std::string pages = read_file(root / "README.md");
  for (const auto& entry : std::filesystem::directory_iterator{root / "docs"})
    pages += read_file(entry.path());
  const std::string rows = read_file(root / "entrypoint/command.h");
  const std::regex name{R"rx(const Command \w+_command\{\s*\.name = "([a-z-]+)")rx"};
  int commands = 0;
  for (const auto& entry : std::filesystem::directory_iterator{root / "entrypoint/commands"}) {
    const std::string file = read_file(entry.path());
    std::smatch match;
    ASSERT_TRUE(std::regex_search(file, match, name)) << entry.path();
    EXPECT_THAT(rows, HasSubstr("row(" + entry.path().stem().string() + ")"));
    EXPECT_THAT(pages, HasSubstr("slipway " + match[1].str()));
    ++commands;
  }
  EXPECT_GT(commands, 15);
}

}  // namespace
}  // namespace slipway::fixture
