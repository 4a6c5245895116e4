#include "database/backoff.h"

#include <gtest/gtest.h>

namespace slipway {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

// A chance that is the same in every run of the test.
std::minstd_rand chance(unsigned seed) {
  return std::minstd_rand{seed};
}

TEST(Backoff, DoublesUpToTheMostAndIsShortenedByHalfAtMost) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    Backoff backoff{50ms, 1s, chance(seed)};
    for (const milliseconds full : {50ms, 100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}) {
      const milliseconds pause = backoff.next();
      EXPECT_GE(pause, full / 2);
      EXPECT_LE(pause, full);
    }
  }
}

TEST(Backoff, IsNoLongerThanIsWanted) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    Backoff backoff{50ms, 1s, chance(seed)};
    for (const milliseconds full : {50ms, 70ms, 70ms, 70ms, 70ms}) {
      const milliseconds pause = backoff.next(70ms);
      EXPECT_GE(pause, full / 2);
      EXPECT_LE(pause, full);
    }
    EXPECT_GE(backoff.next(), 500ms);
  }
}

TEST(Backoff, BeginsAgainAfterAReset) {
  Backoff backoff{50ms, 1s};
  for (int i = 0; i < 5; ++i)
    backoff.next();
  backoff.reset();
  EXPECT_LE(backoff.next(), 50ms);
}

TEST(Backoff, ReplicasThatFailedTogetherDoNotComeBackTogether) {
  Backoff one{1s, 1s, chance(1)};
  Backoff other{1s, 1s, chance(99)};
  int different = 0;
  for (int i = 0; i < 20; ++i)
    different += one.next() != other.next() ? 1 : 0;
  EXPECT_GT(different, 15);
}

}  // namespace
}  // namespace slipway
