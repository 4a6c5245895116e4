#include "lock/lock_wait.h"

#include <chrono>
#include <vector>

#include "database/wait.h"
#include "log/log.h"

namespace slipway {
namespace {

using namespace std::chrono_literals;

// Two of them, with the queries, take less than 100 ms.
constexpr auto poll_interval = 40ms;

// To read its locks, the server briefly blocks all sessions that want one.
constexpr int polls_between_looks_at_the_lock = 5;
constexpr int polls_where_only_the_lock_counts = 2;

struct Answer {
  std::string ledger;
  bool arrived = false;
};

Answer ask(const LockWait& wait) {
  if (wait.watch.empty()) return {};
  const std::vector<Rows> answers = wait.session.query(wait.watch);
  return {.ledger = answers.back().text(0, 0), .arrived = answers.back().is_true(0, 1)};
}

}  // namespace

void wait_for_lock(const LockWait& wait) {
  const int polls_of_a_look = wait.watch.empty() ? polls_where_only_the_lock_counts : polls_between_looks_at_the_lock;
  const std::string before = ask(wait).ledger;
  std::string last = before;
  bool moved = false;
  bool look_at_lock = true;
  const auto start = std::chrono::steady_clock::now();
  int named = 0;
  wait.progress.enter(Phase::waiting_for_turn);
  for (int poll = 1;; ++poll) {
    if (look_at_lock) {
      const auto holder = holder_of(wait.session, wait.key);
      if (!holder) return;
      if (holder->pid != named) {
        wait.progress.over();
        log::info("lock.waiting", "another session is migrating; waiting for " + holder->describe(),
                  {{"holder_pid", std::int64_t{holder->pid}}});
      }
      named = holder->pid;
      wait.require_time_left(holder->describe());
    }
    const auto elapsed = std::chrono::steady_clock::now() - start;
    wait.progress.during("waiting for another session's migrations",
                         std::chrono::duration_cast<std::chrono::milliseconds>(elapsed));
    pause(poll_interval, wait.signals);
    const Answer now = ask(wait);
    if (now.arrived && now.ledger != before) return;
    const bool moves = now.ledger != last;
    if (moves) wait.ledger_moves();
    // If the ledger no longer changes, the other session may have made its last commit.
    look_at_lock = (moved && !moves) || poll % polls_of_a_look == 0;
    moved = moves;
    last = now.ledger;
  }
}

}  // namespace slipway
