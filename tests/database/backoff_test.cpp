#include "database/backoff.h"

#include <gtest/gtest.h>

namespace slipway {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

TEST(Backoff, DoublesUpToTheMostAndIsShortenedByHalfAtMost) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    Backoff backoff{50ms, 1s, std::minstd_rand{seed}};
    for (const milliseconds full : {50ms, 100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}) {
      const milliseconds pause = backoff.next();
      EXPECT_GE(pause, full / 2);
      EXPECT_LE(pause, full);
    }
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
  Backoff one{1s, 1s, std::minstd_rand{1}};
  Backoff other{1s, 1s, std::minstd_rand{99}};
  int different = 0;
  for (int i = 0; i < 20; ++i)
    different += one.next() != other.next() ? 1 : 0;
  EXPECT_GT(different, 15);
}

}  // namespace
}  // namespace slipway
