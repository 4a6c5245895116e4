#include "base/hex.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway {
namespace {

TEST(Hex, HasTwoDigitsForEachByte) {
  EXPECT_EQ(to_hex(std::array<unsigned char, 4>{0x00, 0x0F, 0xA0, 0xFF}), "000fa0ff");
  EXPECT_EQ(to_hex(std::span<const unsigned char>{}), "");
  EXPECT_EQ(to_hex(0x1B), "1b");
}

TEST(Hex, OfRandomNumbersHasAsManyDigitsAsWanted) {
  EXPECT_EQ(random_hex(0), "");
  EXPECT_EQ(random_hex(7).size(), 7U);
  EXPECT_EQ(random_hex(32).size(), 32U);
  EXPECT_EQ(random_hex(32).find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(random_hex(32), random_hex(32));
}

}  // namespace
}  // namespace slipway
