#include "settings/options.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caught.h"
#include "settings/resolve.h"

namespace slipway {
namespace {

TEST(Options, AreNamedAfterOnePattern) {
  std::set<std::string_view> keys;
  for (const Option& row : options()) {
    SCOPED_TRACE(row.key);
    EXPECT_TRUE(keys.insert(row.key).second) << "twice";
    EXPECT_EQ(row.key.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), std::string_view::npos);
    std::string variable = row.secrecy == Secrecy::secret ? "" : "SLIPWAY_";
    for (const char character : row.key)
      variable += character == '-' ? '_' : static_cast<char>(character - 'a' + 'A');
    EXPECT_EQ(row.variable, variable);
    EXPECT_EQ(row.file_variable, row.secrecy == Secrecy::secret ? variable + "_FILE" : "");
    EXPECT_FALSE(row.description.empty());
    EXPECT_FALSE(row.description.ends_with('.'));
    EXPECT_FALSE(row.value_name.empty());
    EXPECT_FALSE(row.group.empty());
    EXPECT_FALSE(unit(row).empty());
  }
}

TEST(Options, HaveChoicesWhereTheirKindIsOne) {
  for (const Option& row : options()) {
    EXPECT_EQ(row.kind == OptionKind::choice, !row.choices.empty()) << row.key;
    if (row.bare_flag) {
      EXPECT_THAT(choice_words(row), testing::Contains(std::string{*row.bare_flag})) << row.key;
    }
  }
}

TEST(Options, EachChoiceIsOneThatResolveKnows) {
  for (const Option& row : options())
    for (const std::string& choice : choice_words(row)) {
      const Flags flags{{std::string{row.key}, choice}};
      EXPECT_NO_THROW(resolve(flags, Environment{}, "/nowhere")) << row.key << " " << choice;
    }
}

// But for the URLs, which count or not as others are given, and the file that names the others.
TEST(Options, EachNamesTheMemberThatItsValueGoesTo) {
  for (const Option& row : options())
    EXPECT_EQ(row.store == nullptr, row.kind == OptionKind::url || row.key == "config") << row.key;
}

TEST(Options, OnlyOutOfOrderGoesWithoutItsValue) {
  EXPECT_EQ(option("out-of-order").bare_flag, "allow");
  for (const Option& row : options())
    EXPECT_EQ(row.bare_flag.has_value(), row.key == "out-of-order") << row.key;
}

TEST(Options, AnUnknownKeyIsABug) {
  EXPECT_EQ(caught([] { option("roll"); }).exit_code(), ExitCode::internal);
}

TEST(Options, TheApplicationDoesNotGetTheUrlsThatAreForMigrations) {
  const Option& privileged = option("migration-database-url");
  const Option& direct = option("direct-url");
  EXPECT_THAT(variables_withheld_from_application(), testing::ElementsAre(privileged.variable, privileged.file_variable,
                                                                          direct.variable, direct.file_variable));
}

}  // namespace
}  // namespace slipway
