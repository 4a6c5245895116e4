// The application ends while signals arrive, stop it and continue it: its exit code is always its own, no signal that
// was due is lost, and slipway-init always ends. SLIPWAY_RACE_SECONDS, which `./dev stress` sets, makes it longer
// than a test of ctest's.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "fixture/program.h"
#include "init/supervised.h"

namespace slipway {
namespace {

using fixture::slipway_init;
using fixture::Supervised;
using fixture::SupervisedOptions;
using Clock = std::chrono::steady_clock;

std::chrono::seconds duration() {
  const char* seconds = std::getenv("SLIPWAY_RACE_SECONDS");
  return std::chrono::seconds{seconds == nullptr ? 4 : std::stoi(seconds)};
}

class Race : public testing::Test {
 protected:
  ~Race() override { std::cout << rounds_ << " rounds, seed " << seed_ << "\n"; }

  int rounds_ = 0;
  unsigned seed_ = std::random_device{}();
  std::mt19937 random_{seed_};

  int any(int most) { return std::uniform_int_distribution{0, most}(random_); }
  SupervisedOptions anywhere() {
    SupervisedOptions options;
    // The leak check at the end traces its process (ptrace(2)), and never ends while that is stopped and continued.
    options.environment["ASAN_OPTIONS"] = "detect_leaks=0";
    if (any(1) == 0 && fixture::can_make_namespaces()) options.pid_namespace = SupervisedOptions::Namespace::pid;
    return options;
  }
  // Whoever has asked for a stop has to ask for going on, and again: a stop that is being taken discards it.
  static void continue_until_it_ends(const Supervised& program) {
    const auto patience = Clock::now() + std::chrono::minutes{1};
    while (Supervised::state_of(program.pid()) != 'Z' && Clock::now() < patience) {
      program.signal(SIGCONT);
      std::this_thread::sleep_for(std::chrono::microseconds{200});
    }
  }
};

// The application makes orphans and ends with a code of its own, in about the time that the signals take.
TEST_F(Race, the_exit_code_is_the_applications_whatever_arrives) {
  const auto end = Clock::now() + duration();
  for (int round = 0; Clock::now() < end; ++round) {
    const int code = any(100);
    const std::string script = "(exit 200) & (sleep 0.00" + std::to_string(any(9)) + "; exit 201) & sleep 0.00" +
                               std::to_string(any(9)) + "; exit " + std::to_string(code);
    std::vector<std::string> command{slipway_init(), "-s", "--linger=1d"};
    if (const int whole = any(4); whole < 2) command.emplace_back(whole == 0 ? "--group" : "--setsid");
    command.insert(command.end(), {"/bin/sh", "-c", "trap : HUP USR1 USR2 INT; " + script});
    SupervisedOptions options = anywhere();
    // Ignored by the application from its first instruction on, before its traps are set.
    options.ignored = {SIGHUP, SIGUSR1, SIGUSR2, SIGINT};
    Supervised program{command, options};
    static constexpr int signals[] = {SIGHUP,  SIGUSR1, SIGUSR2, SIGINT,   SIGCHLD,
                                      SIGCONT, SIGSTOP, SIGTSTP, SIGWINCH, SIGTTIN};
    for (int i = any(60); i > 0; --i) {
      program.signal(signals[any(9)]);
      if (any(3) == 0) std::this_thread::sleep_for(std::chrono::microseconds{any(500)});
    }
    continue_until_it_ends(program);
    ASSERT_EQ(program.wait(), code) << "seed " << seed_ << ", round " << round << "\n" << program.err();
    rounds_ = round;
  }
}

TEST_F(Race, a_stop_right_after_the_start_always_arrives) {
  const auto end = Clock::now() + duration();
  for (int round = 0; Clock::now() < end; ++round) {
    SupervisedOptions options = anywhere();
    // Blocked from the start, as `slipway run` hands over: nothing may be lost in the exec and the fork.
    options.blocked = {SIGTERM};
    Supervised program{{slipway_init(), "-s", "--signal-mask=0", "/bin/sleep", "600"}, options};
    std::this_thread::sleep_for(std::chrono::microseconds{any(1500)});
    program.signal(SIGTERM);
    ASSERT_EQ(program.wait(), 143) << "seed " << seed_ << ", round " << round;
    rounds_ = round;
  }
}

TEST_F(Race, an_application_that_stops_and_ends_is_never_taken_for_running) {
  const auto end = Clock::now() + duration();
  for (int round = 0; Clock::now() < end; ++round) {
    SupervisedOptions options = anywhere();
    options.terminal = SupervisedOptions::Terminal::controlling;
    Supervised program{
        {slipway_init(), "-s", "/bin/sh", "-c", "i=0; while [ $i -lt 5 ]; do kill -TSTP $$; i=$((i+1)); done; exit 7"},
        options};
    for (int i = any(20); i > 0; --i)
      program.signal(any(1) == 0 ? SIGTSTP : SIGCONT);
    continue_until_it_ends(program);
    ASSERT_EQ(program.wait(), 7) << "seed " << seed_ << ", round " << round;
    rounds_ = round;
  }
}

}  // namespace
}  // namespace slipway
