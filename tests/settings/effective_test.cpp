#include "settings/effective.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "settings/options.h"

namespace slipway {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

const std::vector<EffectiveSetting> rows{{"role", "migrator", "flag --role"}, {"version-schema", "", "default"}};

TEST(EffectiveSettings, AsTextTheyStandInColumns) {
  EXPECT_EQ(as_text(rows),
            "setting         value                   source\n"
            "role            migrator                flag --role\n"
            "version-schema  (from the search path)  default\n");
}

TEST(EffectiveSettings, AsTextEachIsOneLine) {
  const std::vector<EffectiveSetting> odd{{"role", "a\nb\x7F", "environment SLIPWAY_ROLE"}};
  EXPECT_THAT(as_text(odd), HasSubstr("a\\x0ab\\x7f  environment"));
}

TEST(EffectiveSettings, AsJsonTheyKeepTheirOrder) {
  EXPECT_EQ(as_json(rows).dump(), R"({"role":{"value":"migrator","source":"flag --role"},)"
                                  R"("version-schema":{"value":null,"source":"default"}})");
}

TEST(EffectiveSettings, AsJsonTheyAreUtf8) {
  const std::vector<EffectiveSetting> odd{{"role", "a\xFF", "file \xFE (DATABASE_URL_FILE)"}};
  EXPECT_NO_THROW(as_json(odd).dump());
}

TEST(EffectiveSettings, HoldEveryRowOfTheTable) {
  const auto resolved = resolve({}, Environment{}, "/nowhere");
  EXPECT_EQ(resolved.effective.size(), options().size());
  EXPECT_EQ(as_json(resolved.effective).size(), options().size());
  EXPECT_THAT(as_text(resolved.effective), EndsWith("default\n"));
}

}  // namespace
}  // namespace slipway
