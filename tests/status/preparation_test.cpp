#include "status/preparation.h"

#include <gtest/gtest.h>

namespace slipway {
namespace {

using namespace std::chrono_literals;
using std::chrono::system_clock;

TEST(Preparation, IsReadByPrograms) {
  const system_clock::time_point since{1772352942s};
  EXPECT_EQ(as_json({.phase = Phase::migrating, .revision = "002", .since = since}),
            R"({"phase":"migrating","revision":"002","since":"2026-03-01T08:15:42Z"})");
  EXPECT_EQ(as_json({.phase = Phase::waiting_for_database, .revision = {}, .since = since}),
            R"({"phase":"waiting-for-database","since":"2026-03-01T08:15:42Z"})");
  EXPECT_EQ(as_json({.phase = Phase::waiting_for_turn, .revision = {}, .since = since}),
            R"({"phase":"waiting-for-turn","since":"2026-03-01T08:15:42Z"})");
}

TEST(Preparation, CountsFromTheFirstTryOfARevision) {
  Preparation preparation;
  preparation.enter(Phase::migrating, "001");
  const auto since = preparation.now().since;
  preparation.enter(Phase::migrating, "001");
  EXPECT_EQ(preparation.now().since, since);
  preparation.enter(Phase::migrating, "002");
  EXPECT_EQ(preparation.now().revision, "002");
  EXPECT_GE(preparation.now().since, since);
}

}  // namespace
}  // namespace slipway
