#include "settings/settings_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caught.h"

namespace slipway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(SettingsFile, HoldsKeysOfTheTable) {
  const SettingsFile file = parse_settings_file(R"(# ours
role = "migrator"
migrations = ["core", "plugins/billing"]

lock-timeout = 3
wait-timeout = "1h30m"
)",
                                                "slipway.toml");
  EXPECT_EQ(file.size(), 4U);
  EXPECT_THAT(file.at("role").texts, ElementsAre("migrator"));
  EXPECT_EQ(file.at("role").line, 2);
  EXPECT_THAT(file.at("migrations").texts, ElementsAre("core", "plugins/billing"));
  EXPECT_THAT(file.at("lock-timeout").texts, ElementsAre("3"));
  EXPECT_EQ(file.at("lock-timeout").line, 5);
}

TEST(SettingsFile, MayBeEmptyOrHaveAByteOrderMarkAndWindowsLineEnds) {
  EXPECT_TRUE(parse_settings_file("", "f").empty());
  EXPECT_TRUE(parse_settings_file("# nothing\n", "f").empty());
  const SettingsFile file = parse_settings_file("\xEF\xBB\xBF# a\r\nrole = \"b\"\r\n", "f");
  EXPECT_THAT(file.at("role").texts, ElementsAre("b"));
  EXPECT_EQ(file.at("role").line, 2);
}

struct Mistake {
  const char* text;
  const char* message;
  const char* hint;
};

class SettingsFileMistake : public testing::TestWithParam<Mistake> {};

TEST_P(SettingsFileMistake, IsAnErrorWithItsLine) {
  const Error error = caught([&] { parse_settings_file(GetParam().text, "slipway.toml"); });
  EXPECT_EQ(error.exit_code(), ExitCode::bad_configuration);
  EXPECT_THAT(error.message(), HasSubstr(GetParam().message));
  EXPECT_THAT(error.hint(), HasSubstr(GetParam().hint));
}

INSTANTIATE_TEST_SUITE_P(
    Each, SettingsFileMistake,
    testing::Values(
        Mistake{"\nrol = \"a\"", "slipway.toml:2: there is no setting named rol", "did you mean role?"},
        Mistake{"version_table = \"a\"", ":1: there is no setting named version_table", "version-table?"},
        Mistake{"zzz = 1\nrol = 1\n", ":1: there is no setting named zzz", "slipway config"},
        Mistake{"[database]\nurl = \"a\"", ":1: there is no setting named database", "database-url"},
        Mistake{"config = \"a\"", ":1: there is no setting named config", "--config"},
        Mistake{"role = 1", ":1: role can't be an integer", "role = \"…\", in quotes"},
        Mistake{"role = [\"a\"]", ":1: role can't be an array", "in quotes"},
        Mistake{"role.name = \"a\"", ":1: role can't be a table", "in quotes"},
        Mistake{"allow-empty = 1", ":1: allow-empty can't be an integer", "write allow-empty = true, or false"},
        Mistake{"out-of-order = true", ":1: out-of-order can't be a boolean", "out-of-order = \"refuse\""},
        Mistake{"lock-wait = 1.5", ":1: lock-wait can't be a number with a fraction", "lock-wait = \"10s\""},
        Mistake{"lock-wait = 07:32:00", ":1: lock-wait can't be a date or time", "lock-wait = \"10s\""},
        Mistake{"migrations = []", ":1: migrations must be an array of one or more strings", "[\"first\", \"second\"]"},
        Mistake{"migrations = [\"a\", 1]", ":1: migrations must be an array of one or more strings", ""},
        Mistake{"role = \"a\"\nrole = \"b\"", ":2: this is not TOML: ", "write each setting once"},
        Mistake{"\n\nrole = 'a", ":3: this is not TOML: ", "put text in quotes"},
        Mistake{"role = a", ":1: this is not TOML: ", "put text in quotes"},
        Mistake{"role", ":1: this is not TOML: ", "key = \"value\""},
        Mistake{"[[#", "slipway.toml:1: this is not TOML", "key = \"value\""},
        Mistake{"\n# a\n[[ #\nrole = 1\n", "slipway.toml:3: this is not TOML", "key = \"value\""},
        Mistake{"[[zzzzz]]", ":1: there is no setting named zzzzz", "outside of any [heading]"},
        Mistake{"role = \"a\"\n# \xFF\n", ":2: this is not UTF-8", "in UTF-8"},
        Mistake{"\nr\xC3\xB6le = \"a\"", ":2: this is not TOML: ", "key = \"value\""},
        Mistake{"role = \"\"\"\n\\\xC3\xB6\"\"\"", ":2: this is not TOML: ", ""},
        Mistake{"role = '\n\xC3\xB6'", ":1: this is not TOML: ", ""}));

TEST(SettingsFile, NoErrorRepeatsAValue) {
  for (const char* text :
       {"database-url = \"hunter2", "database-url = hunter2", "database-url = 12hunter2", "database-url = 'x'hunter2",
        "database-url = [hunter2]", "database-url = truhunter2", R"(database-url = ["hunter2"])",
        "database-url = {hunter2 = 1, hunter2 = 2}", R"(database-url = "\uhunter2")", "database-url = 'a\nhunter2'",
        "database-url = nanhunter2", "database-url.hunter2 = 'hunter2'", R"(database-url = """hunter2)"}) {
    const Error error = caught([&] { parse_settings_file(text, "slipway.toml"); });
    EXPECT_THAT(error.message() + error.hint(), Not(HasSubstr("hunter"))) << text;
    EXPECT_THAT(error.message(), HasSubstr("slipway.toml:")) << text;
  }
  const Error number = caught([] { parse_settings_file("database-url = 98765432109876543210", "f"); });
  EXPECT_THAT(number.message(), Not(HasSubstr("9876")));
}

TEST(SettingsFile, HoldsAnyCharacterInQuotesAndComments) {
  for (const char* text :
       {"# \xC3\xB6\nrole = \"\xC3\xB6\"", "role = '\xC3\xB6' # \xC3\xB6", "role = \"\"\"\n\xC3\xB6\"\"\"",
        "role = '''\xC3\xB6'''", "role = \"\\\"\xC3\xB6\"", "role = '\\' # '\xC3\xB6", "role = \"\"\"\xC3\xB6\"\"\"\"",
        "migrations = ['\xC3\xB6', \"\xC3\xB6\"]"})
    EXPECT_NO_THROW(parse_settings_file(text, "f")) << text;
}

std::string utf8(unsigned int code) {
  const auto byte = [](unsigned int value) { return static_cast<char>(value); };
  if (code < 0x800) return {byte(0xC0U | code >> 6U), byte(0x80U | (code & 0x3FU))};
  return {byte(0xE0U | code >> 12U), byte(0x80U | (code >> 6U & 0x3FU)), byte(0x80U | (code & 0x3FU))};
}

// Any character beyond ASCII out of place is an error, whatever the parser's tables make of it.
TEST(SettingsFile, NeedsQuotesAroundEveryOtherCharacter) {
  for (unsigned int code = 0x80; code < 0xFFFF; ++code) {
    const std::string text = "role = \"a\"\n" + utf8(code) + " = 1";
    const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (is_surrogate || code == 0xFEFF) continue;  // half a character, or the byte order mark
    EXPECT_THAT(caught([&] { parse_settings_file(text, "f"); }).message(), testing::StartsWith("f:2: "))
        << std::hex << code;
  }
}

TEST(SettingsFile, NestsNoDeeperThanTheParserAllows) {
  EXPECT_EQ(caught([] { parse_settings_file("role = " + std::string(100'000, '['), "f"); }).exit_code(),
            ExitCode::bad_configuration);
}

}  // namespace
}  // namespace slipway
