#include "runner/await_heads.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "base/deadline.h"
#include "database/backoff.h"
#include "error/error.h"
#include "lock/advisory_lock.h"
#include "log/log.h"
#include "verify/at_heads.h"
#include "verify/requirements.h"

namespace slipway {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr milliseconds first_pause = 50ms;
constexpr milliseconds shortest_lock_timeout = 100ms;  // the time is up, but the ledger has to be read once more
constexpr milliseconds longest_pause = 1s;

class Watch {
 public:
  explicit Watch(const HeadsWait& wait) : wait_{wait} {}

  LedgerState until_heads() {
    for (;;) {
      WaitPolicy policy = wait_.wait;
      policy.timeout = left();
      Session session = wait_until_ready(wait_.connection, policy, wait_.signals);
      try {
        return until_heads(session);
      } catch (const ConnectionLost& lost) {
        if (deadline_.has_passed())
          throw Error{ExitCode::unavailable, "the connection was lost: " + lost.reason, "try again"};
        log::warning("connection.lost", "the connection was lost (" + lost.reason + "); connecting again",
                     {{"reason", lost.reason}});
      }
    }
  }

 private:
  LedgerState until_heads(Session& session) {
    for (;;) {
      LedgerState ledger = wait_.ledger.read(session, patience());
      const auto reason = not_at_heads(wait_.graph, ledger, wait_.ahead);
      if (!reason) return ledger;
      Findings findings;
      findings.unknown = wait_.graph.unknown(ledger.heads);
      require_known_heads(ledger, findings);
      if (deadline_.has_passed())
        throw Error{ExitCode::unavailable, *reason + ", and the timeout has expired",
                    "check the process that runs the migrations; --wait-timeout sets how long to wait"};
      tell(*reason, ledger);
      tell_who_migrates(session, ledger);
      pause(std::min(backoff_.next(), left()), wait_.signals);
    }
  }

  void tell(const std::string& reason, const LedgerState& ledger) {
    if (reason == last_reason_) return;
    log::info("schema.waiting", reason + "; waiting until another process has migrated it",
              {{"current", ledger.heads.str()}});
    last_reason_ = reason;
    backoff_.reset();
  }

  void tell_who_migrates(Session& session, const LedgerState& ledger) {
    const auto holder = holder_of(session, wait_.ledger.lock_key(ledger));
    if (!holder || holder->pid == last_holder_) return;
    log::info("lock.waiting", "another session is migrating; waiting for " + holder->describe(),
              {{"holder_pid", std::int64_t{holder->pid}}});
    last_holder_ = holder->pid;
  }

  ReadPatience patience() const {
    const milliseconds lock_timeout = std::max(left(), shortest_lock_timeout);
    return {.lock_timeout = lock_timeout, .answer = lock_timeout + wait_.connection.connect_timeout};
  }

  milliseconds left() const { return deadline_.left(); }

  const HeadsWait& wait_;
  Deadline deadline_ = Deadline::after(wait_.wait.timeout);
  Backoff backoff_{first_pause, longest_pause};
  std::string last_reason_;
  int last_holder_ = 0;
};

}  // namespace

LedgerState await_heads(const HeadsWait& wait) {
  return Watch{wait}.until_heads();
}

}  // namespace slipway
