#include "base/nearest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<std::string> names{"upgrade", "downgrade", "current", "--wait-timeout", "--wait-grace"};

TEST(Nearest, FindsTypingMistakes) {
  EXPECT_THAT(nearest("upgarde", names), ElementsAre("upgrade"));
  EXPECT_THAT(nearest("UPGRADE", names), ElementsAre("upgrade"));
  EXPECT_THAT(nearest("curent", names), ElementsAre("current"));
}

TEST(Nearest, TakesABeginning) {
  EXPECT_THAT(nearest("--wait", names), ElementsAre("--wait-grace", "--wait-timeout"));
}

TEST(Nearest, KeepsQuietWhereNothingIsNear) {
  EXPECT_THAT(nearest("history", names), IsEmpty());
  EXPECT_THAT(nearest("", names), IsEmpty());
  EXPECT_EQ(did_you_mean("history", names), "");
}

TEST(Nearest, AsksAQuestion) {
  EXPECT_EQ(did_you_mean("upgrad", names), "did you mean upgrade?");
  EXPECT_EQ(did_you_mean("--wait", names), "did you mean --wait-grace or --wait-timeout?");
}

}  // namespace
}  // namespace slipway
