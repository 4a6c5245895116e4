#include "base/text.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/utf8.h"

namespace slipway {
namespace {

using testing::ElementsAre;

TEST(Text, IsSplitAtEverySeparator) {
  EXPECT_THAT(split("a,b,c", ','), ElementsAre("a", "b", "c"));
  EXPECT_THAT(split(",a,,b,", ','), ElementsAre("", "a", "", "b", ""));
  EXPECT_THAT(split("a", ','), ElementsAre("a"));
  EXPECT_THAT(split("", ','), ElementsAre(""));
}

TEST(Text, IsJoinedWithASeparatorBetweenTheElements) {
  const std::vector<std::string> names{"a", "", "c"};
  EXPECT_EQ(join(names), "a, , c");
  EXPECT_EQ(join(names, "\n"), "a\n\nc");
  EXPECT_EQ(join(std::vector<std::string_view>{"a"}), "a");
  EXPECT_EQ(join(std::vector<std::string>{}), "");
  EXPECT_EQ(join(std::vector{1, 2}, "+", [](int number) { return std::to_string(number); }), "1+2");
  EXPECT_EQ(join(std::vector<std::filesystem::path>{"a", "b"}, ":", &std::filesystem::path::native), "a:b");
}

TEST(Text, IsSplitIntoWhatWasJoined) {
  for (const std::string_view text : {"", ",", "a", "a,b", "a,,b,"})
    EXPECT_EQ(join(split(text, ','), ","), text);
}

TEST(Text, IsCutBetweenCharacters) {
  constexpr std::string_view text = "aä€𝄞";  // of one, two, three and four bytes
  EXPECT_EQ(count_characters(text), 4U);
  EXPECT_EQ(first_bytes(text, 0), "");
  EXPECT_EQ(first_bytes(text, 1), "a");
  EXPECT_EQ(first_bytes(text, 2), "a");
  EXPECT_EQ(first_bytes(text, 5), "aä");
  EXPECT_EQ(first_bytes(text, 6), "aä€");
  EXPECT_EQ(first_bytes(text, 9), "aä€");
  EXPECT_EQ(first_bytes(text, 10), text);
  EXPECT_EQ(first_bytes(text, 11), text);
  EXPECT_EQ(first_characters(text, 0), "");
  EXPECT_EQ(first_characters(text, 2), "aä");
  EXPECT_EQ(first_characters(text, 3), "aä€");
  EXPECT_EQ(first_characters(text, 4), text);
  EXPECT_EQ(first_characters(text, 5), text);
}

// What is no character at all is cut somewhere, and never beyond its beginning.
TEST(Text, IsCutWhereNoCharacterBegins) {
  EXPECT_EQ(first_bytes("\x80\x80\x80", 2), "");
  EXPECT_EQ(first_characters("\x80\x80\x80", 0), "\x80\x80\x80");
}

TEST(Text, IsShortenedWithAnEllipsis) {
  EXPECT_EQ(shortened("abcdef", 6), "abcdef");
  EXPECT_EQ(shortened("abcdefg", 6), "abc…");
  EXPECT_EQ(shortened("abäcdefg", 6), "ab…");
  EXPECT_EQ(shortened("abcdef", 2), "");
}

TEST(Text, IsQuoted) {
  EXPECT_EQ(in_quotes("it"), "'it'");
  EXPECT_EQ(in_ticks("it"), "`it`");
}

}  // namespace
}  // namespace slipway
