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
    if (row.bare_flag && row.kind == OptionKind::choice) {
      EXPECT_THAT(row.choices, testing::Contains(*row.bare_flag)) << row.key;
    }
    if (row.kind == OptionKind::toggle) {
      EXPECT_EQ(row.bare_flag, "true") << row.key;
    }
  }
}

TEST(Options, EachChoiceIsOneThatResolveKnows) {
  for (const Option& row : options())
    for (const std::string_view choice : row.choices) {
      const Flags flags{{std::string{row.key}, std::string{choice}}};
      EXPECT_NO_THROW(resolve(flags, Environment{}, "/nowhere")) << row.key << " " << choice;
    }
}

TEST(Options, OnlyOutOfOrderAndTogglesGoWithoutTheirValue) {
  EXPECT_EQ(option("out-of-order").bare_flag, "allow");
  for (const Option& row : options())
    EXPECT_EQ(row.bare_flag.has_value(), row.key == "out-of-order" || row.kind == OptionKind::toggle) << row.key;
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
