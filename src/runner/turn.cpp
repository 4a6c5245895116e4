#include "runner/turn.h"

#include <chrono>

#include "database/activity.h"
#include "database/wait.h"
#include "log/log.h"

namespace slipway {
namespace {

using namespace std::chrono_literals;

constexpr auto poll_interval = 50ms;
constexpr int polls_between_looks_at_the_lock = 4;

std::string answer(const TurnWait& wait) {
  return wait.ledger_question.empty() ? "" : wait.session.query(wait.ledger_question).back().text(0, 0);
}

}  // namespace

Turn wait_for_turn(const TurnWait& wait) {
  const std::string before = answer(wait);
  const auto start = std::chrono::steady_clock::now();
  int named = 0;
  for (int poll = 0;; ++poll) {
    if (poll % polls_between_looks_at_the_lock == 0) {
      const auto holder = holder_of(wait.session, wait.key);
      if (!holder) return Turn::lock_free;
      if (holder->pid != named) {
        wait.progress.over();
        log::info("lock.waiting", "another session migrates; waiting for " + holder->describe(),
                  {{"holder_pid", std::int64_t{holder->pid}}});
      }
      named = holder->pid;
      wait.require_time_left(holder->describe());
    }
    const auto elapsed = std::chrono::steady_clock::now() - start;
    wait.progress.during("waiting for another session's migrations",
                         std::chrono::duration_cast<std::chrono::milliseconds>(elapsed));
    pause(poll_interval, wait.signals);
    if (answer(wait) != before) return Turn::ledger_moved;
  }
}

}  // namespace slipway
