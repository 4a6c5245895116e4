#include "sql/excerpt.h"

#include <string>

#include <gmock/gmock.h>

namespace slipway {
namespace {

Excerpt at(std::string sql, std::size_t position) {
  return excerpt(Script{.sql = std::move(sql), .first_line = 7}, position);
}

TEST(Excerpt, ShowsTheLineAndThePlace) {
  const Excerpt shown = at("SELECT 1;\nSELECT x FROM t;\n", 18);
  EXPECT_EQ(shown.line, 8);
  EXPECT_EQ(shown.text,
            "SELECT x FROM t;\n"
            "       ^");
}

TEST(Excerpt, CountsCharactersAndNotBytes) {
  EXPECT_EQ(at("SELECT 'é', x", 13).text,
            "SELECT 'é', x\n"
            "            ^");
}

TEST(Excerpt, FollowsTheColumnsOfATerminal) {
  EXPECT_EQ(at("SELECT '日本', x", 14).text,
            "SELECT '日本', x\n"
            "               ^");
  EXPECT_EQ(at("SELECT 'e\u0301', x", 14).text,
            "SELECT 'e\u0301', x\n"
            "            ^");
  EXPECT_EQ(at("\tSELECT\tx\x1b[31m", 9).text,
            " SELECT x [31m\n"
            "        ^");
}

TEST(Excerpt, CountsEveryLineEndAsOneLine) {
  EXPECT_EQ(at("a\r\nb\rc\nd", 4).line, 8);
  EXPECT_EQ(at("a\r\nb\rc\nd", 6).line, 9);
  EXPECT_EQ(at("a\r\nb\rc\nd", 8).line, 10);
}

TEST(Excerpt, PlacesBeyondTheEndAreTheEnd) {
  EXPECT_EQ(at("SELECT", 7).text, "SELECT\n      ^");
  EXPECT_EQ(at("SELECT", 1000).text, "SELECT\n      ^");
  EXPECT_EQ(at("SELECT", 0).text, "SELECT\n^");
  EXPECT_EQ(at("", 1).text, "\n^");
  EXPECT_EQ(at("SELECT\n", 8).line, 7);
}

TEST(Excerpt, CutsLongLinesAroundThePlace) {
  const std::string sql = std::string(200, 'a') + "!" + std::string(200, 'b');
  const std::string text = at(sql, 201).text;
  const std::string line = text.substr(0, text.find('\n'));
  EXPECT_THAT(line, testing::StartsWith("…aaaa"));
  EXPECT_THAT(line, testing::EndsWith("bbb…"));
  // Two `…` of three bytes each, shown in one column.
  EXPECT_LE(line.size() - 4, 76U);
  const std::string caret = text.substr(text.find('\n') + 1);
  EXPECT_EQ(line[caret.size() - 1 + 2], '!');
  EXPECT_EQ(at(sql, 1).text.substr(0, 3), "aaa");
  EXPECT_THAT(at(sql, 401).text, testing::HasSubstr("bbb\n"));
}

}  // namespace
}  // namespace slipway
