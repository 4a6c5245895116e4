#include "base/wait.h"

#include <array>
#include <csignal>
#include <thread>

#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/descriptor.h"

namespace slipway {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

class WaitTest : public testing::Test {
 protected:
  WaitTest() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) throw std::runtime_error{"socketpair"};
    near_.reset(ends[0]);
    far_.reset(ends[1]);
  }
  void say_something() const { ASSERT_EQ(::write(far_.number(), "x", 1), 1); }

  Descriptor near_;
  Descriptor far_;
};

// poll(2) takes a negative time for no limit: a deadline in the past is none.
TEST_F(WaitTest, EndsAtOnceWhenTheTimeIsUpAlready) {
  for (const milliseconds duration : {0ms, -1ms, -1'000'000ms, milliseconds::min()}) {
    const Deadline deadline = Deadline::after(duration);
    EXPECT_TRUE(deadline.has_passed());
    EXPECT_EQ(deadline.left(), 0ms);
    EXPECT_TRUE(wait({readable(near_.number())}, deadline).none());
  }
}

TEST_F(WaitTest, EndsWhenTheTimeIsUp) {
  const Deadline deadline = Deadline::after(20ms);
  EXPECT_TRUE(wait({readable(near_.number()), readable(-1)}, deadline).none());
  EXPECT_TRUE(deadline.has_passed());
}

TEST_F(WaitTest, SaysWhichDescriptorIsReady) {
  say_something();
  const auto ready = wait({readable(far_.number()), readable(near_.number()), readable(-1)}, Deadline::never());
  EXPECT_EQ(ready.to_string(), "010");
  EXPECT_TRUE(wait({writable(near_.number())}, Deadline::never())[0]);
  EXPECT_TRUE(wait({readable_or_writable(far_.number())}, Deadline::never())[0]);
}

TEST_F(WaitTest, LooksOnceWhenThereIsNoTime) {
  say_something();
  EXPECT_TRUE(wait({readable(near_.number())}, Deadline::after(0ms))[0]);
}

TEST_F(WaitTest, EndsWhenTheOtherEndIsGone) {
  far_.reset();
  EXPECT_TRUE(wait({readable(near_.number())}, Deadline::never())[0]);
}

TEST_F(WaitTest, IsNotEndedByAHandler) {
  struct sigaction handler {};
  struct sigaction before {};
  handler.sa_handler = [](int) {};
  ASSERT_EQ(::sigaction(SIGUSR1, &handler, &before), 0);
  const pthread_t waiting = ::pthread_self();
  std::thread other{[&] {
    for (int i = 0; i < 20; ++i) {
      std::this_thread::sleep_for(1ms);
      ::pthread_kill(waiting, SIGUSR1);
    }
    say_something();
  }};
  EXPECT_TRUE(wait({readable(near_.number())}, Deadline::never())[0]);
  other.join();
  EXPECT_EQ(::sigaction(SIGUSR1, &before, nullptr), 0);
}

TEST(DeadlineTest, IsNeverNegativeAndNeverBeyondTheClock) {
  for (const milliseconds duration : {milliseconds::max(), milliseconds::max() / 2}) {
    EXPECT_TRUE(Deadline::after(duration).is_never());
    EXPECT_FALSE(Deadline::after(duration).has_passed());
  }
  const milliseconds long_time = 100 * 365 * 24h;
  const milliseconds left = Deadline::after(long_time).left();
  EXPECT_LE(left, long_time);
  EXPECT_GT(left, long_time - 1h);
}

TEST(DeadlineTest, IsTheEarlierOfTwo) {
  const Deadline soon = Deadline::after(1h);
  const Deadline late = Deadline::after(2h);
  EXPECT_EQ(std::min(late, soon), soon);
  EXPECT_EQ(std::min(Deadline::never(), late), late);
}

// Half a millisecond that is left is a millisecond's wait: a wait of none would be repeated until the time is up.
TEST(DeadlineTest, IsRoundedUp) {
  const Deadline deadline = Deadline::after(1ms);
  while (!deadline.has_passed()) {
    const milliseconds left = deadline.left();
    EXPECT_TRUE(left > 0ms || deadline.has_passed());
  }
  EXPECT_EQ(deadline.left(), 0ms);
}

}  // namespace
}  // namespace slipway
