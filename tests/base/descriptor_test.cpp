#include "base/descriptor.h"

#include <array>

#include <fcntl.h>
#include <gtest/gtest.h>

namespace slipway {
namespace {

bool is_open(int number) {
  return ::fcntl(number, F_GETFD) >= 0;
}

int some_descriptor() {
  return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

TEST(Descriptor, IsClosedWhenItsOwnerGoes) {
  int number = -1;
  {
    const Descriptor descriptor{some_descriptor()};
    number = descriptor.number();
    EXPECT_TRUE(descriptor);
    EXPECT_TRUE(is_open(number));
  }
  EXPECT_FALSE(is_open(number));
}

TEST(Descriptor, HasOneOwner) {
  Descriptor first{some_descriptor()};
  const int number = first.number();
  Descriptor second{std::move(first)};
  EXPECT_EQ(second.number(), number);
  EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move): moved from means none

  Descriptor third{some_descriptor()};
  const int replaced = third.number();
  third = std::move(second);
  EXPECT_EQ(third.number(), number);
  EXPECT_FALSE(is_open(replaced));
  EXPECT_TRUE(is_open(number));
}

TEST(Descriptor, IsLeftOpenWhenItIsReleased) {
  Descriptor descriptor{some_descriptor()};
  const int number = descriptor.release();
  EXPECT_FALSE(descriptor);
  EXPECT_TRUE(is_open(number));
  descriptor.reset(number);
  descriptor.reset();
  EXPECT_FALSE(is_open(number));
}

TEST(Descriptor, MayBeNone) {
  const Descriptor none;
  EXPECT_FALSE(none);
  EXPECT_EQ(none.number(), -1);
}

}  // namespace
}  // namespace slipway
