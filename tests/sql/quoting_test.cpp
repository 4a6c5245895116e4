#include "sql/quoting.h"

#include <gtest/gtest.h>

namespace slipway {
namespace {

TEST(OfflineQuoting, WritesTextsThatEveryServerReadsBack) {
  const OfflineQuoting quoting;
  EXPECT_EQ(quoting.literal("plain"), "'plain'");
  EXPECT_EQ(quoting.literal("it's"), "'it''s'");
  EXPECT_EQ(quoting.literal(R"(a\'b)"), R"(E'a\\''b')") << "whatever standard_conforming_strings is";
  EXPECT_EQ(quoting.literal(""), "''");
}

TEST(OfflineQuoting, WritesNamesAsTheyAre) {
  const OfflineQuoting quoting;
  EXPECT_EQ(quoting.identifier("Version"), R"("Version")");
  EXPECT_EQ(quoting.identifier(R"(a"b)"), R"("a""b")");
}

}  // namespace
}  // namespace slipway
