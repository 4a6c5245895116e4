#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "integration/project.h"

// The log as programs read it, in both of its forms. docs/log-events.md promises what stands in it.

namespace slipway::fixture {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream{text};
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

// What a line says of itself, each value as text.
using Line = std::map<std::string, std::string>;

Line read_json(const std::string& text) {
  const json parsed = json::parse(text);
  Line line;
  for (const auto& [key, value] : parsed.items())
    line[key] = value.is_string() ? value.get<std::string>() : value.dump();
  return line;
}

Line read_logfmt(std::string_view text) {
  Line line;
  while (!text.empty()) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) {
      ADD_FAILURE() << "no key: " << text;
      break;
    }
    const std::string key{text.substr(0, equals)};
    text.remove_prefix(equals + 1);
    const bool is_quoted = text.starts_with('"');
    std::size_t end = is_quoted ? 1 : std::min(text.find(' '), text.size());
    if (is_quoted)
      while (text.at(end++) != '"')
        if (text.at(end - 1) == '\\') ++end;
    const std::string value{text.substr(0, end)};
    EXPECT_TRUE(is_quoted || value.find_first_of("\"=\\") == std::string::npos) << value;
    line[key] = is_quoted ? json::parse(value).get<std::string>() : value;
    EXPECT_TRUE(end == text.size() || text[end] == ' ') << text;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return line;
}

std::vector<Line> read(const std::string& format, const std::string& log) {
  std::vector<Line> lines;
  for (const std::string& line : lines_of(log))
    lines.push_back(format == "json" ? read_json(line) : read_logfmt(line));
  return lines;
}

// Of each event, the fields that the page names beside those of every line.
std::map<std::string, std::set<std::string>> documented() {
  static const std::regex word{"`([a-z_.]+)`"};
  std::map<std::string, std::set<std::string>> events;
  for (const std::string& row : lines_of(read_file(std::filesystem::path{SLIPWAY_SOURCE} / "docs/log-events.md"))) {
    if (!row.starts_with("| `")) continue;
    const auto end = row.find(" | ");
    const std::string names = row.substr(0, end);
    const std::string rest = row.substr(row.find(" | ", end + 3));
    std::set<std::string> fields;
    for (auto match = std::sregex_iterator{rest.begin(), rest.end(), word}; match != std::sregex_iterator{}; ++match)
      fields.insert((*match)[1]);
    for (auto match = std::sregex_iterator{names.begin(), names.end(), word}; match != std::sregex_iterator{}; ++match)
      events[(*match)[1]] = fields;
  }
  return events;
}

class Log : public testing::TestWithParam<const char*> {};

TEST_P(Log, OfARunHasWhatThePagePromises) {
  Project project;
  project.write_two_revisions();
  project.write("003_notice.sql", "DO $$ BEGIN RAISE NOTICE E'a \"word\"\\n= \\\\ é'; END $$;");
  project.write("004_bad.sql", "INSERT INTO nowhere VALUES (1);");
  const Finished run = project.run({"run", "--log-level", "trace", "--log-format", GetParam(), "--", "/bin/true"});
  EXPECT_EQ(run.exit_code, 73);
  const auto lines = read(GetParam(), run.err);
  const auto events = documented();
  const std::string database =
      "127.0.0.1:" + std::to_string(project.database().server().port()) + "/" + project.database().name();
  const std::regex time{R"([0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\.[0-9]{3}Z)"};
  for (Line line : lines) {
    EXPECT_TRUE(std::regex_match(line["time"], time)) << line["time"];
    EXPECT_THAT((std::set<std::string>{"trace", "debug", "info", "warning", "error"}), Contains(line["level"]));
    EXPECT_EQ(line["database"], database);
    EXPECT_NE(line["message"], "");
    const auto event = events.find(line["event"]);
    ASSERT_NE(event, events.end()) << line["event"];
    for (const char* common : {"time", "level", "event", "message", "database"})
      line.erase(common);
    for (const auto& [field, value] : line)
      EXPECT_THAT(event->second, Contains(field)) << event->first;
  }
  EXPECT_THAT(lines, Contains(AllOf(Contains(std::pair{"event", "revision.applied"}),
                                    Contains(std::pair{"revision", "002"}), Contains(testing::Key("duration_ms")))));
  EXPECT_THAT(lines, Contains(AllOf(Contains(std::pair{"event", "database.notice"}),
                                    Contains(testing::Pair("message", HasSubstr("a \"word\"\n= \\ é"))))));
  EXPECT_THAT(lines.back(), AllOf(Contains(std::pair{"event", "failed"}), Contains(std::pair{"exit_code", "73"})));
  EXPECT_THAT(run.err, Not(HasSubstr("\033")));
}

TEST_P(Log, HasNoDatabaseWhereNoneIsNamed) {
  Project project;
  project.write_two_revisions();
  project.set("DATABASE_URL", "");
  const Finished history =
      project.run({"history", "--log-level", "trace", "--log-format", GetParam(), "--checksums", "warn"});
  EXPECT_EQ(history.exit_code, 0) << history.err;
  EXPECT_THAT(read(GetParam(), history.err), Each(Not(Contains(testing::Key("database")))));
}

// PostgreSQL warns of a changed operating system to each session that begins (from 15 on). libpq would write that to
// stderr as it is.
TEST_P(Log, HasWhatTheServerSaysWhileSlipwayConnects) {
  Project project;
  if (project.database().server().major_version() < 15) GTEST_SKIP() << "this server has nothing to say";
  project.database().execute("UPDATE pg_database SET datcollversion = '0' WHERE datname = current_database()");
  const Finished wait = project.run({"wait", "--log-format", GetParam()});
  EXPECT_EQ(wait.exit_code, 0) << wait.err;
  EXPECT_THAT(read(GetParam(), wait.err), Contains(Contains(std::pair{"event", "database.notice"})));
}

INSTANTIATE_TEST_SUITE_P(As, Log, testing::Values("json", "logfmt"),
                         [](const auto& info) { return std::string{info.param}; });

}  // namespace
}  // namespace slipway::fixture
