#include "runner/patience.h"

#include "base/duration.h"
#include "error/error.h"

namespace slipway {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr int most_losses = 5;
constexpr int most_reads_of_the_same = 5;
constexpr milliseconds pause_between_reads_of_the_same = 50ms;
constexpr milliseconds first_retry_pause = 200ms;
constexpr milliseconds longest_retry_pause = 5s;

}  // namespace

void LostConnections::add(const std::string& reason, std::size_t steps_done) {
  count_ = steps_done == steps_done_ ? count_ + 1 : 1;
  steps_done_ = steps_done;
  if (count_ < most_losses) return;
  throw Error{ExitCode::unavailable,
              "the connection was lost " + std::to_string(count_) + " times without progress: " + reason,
              "check the server's log: the migration itself may bring the server down"};
}

milliseconds MovedLedger::pause_after(const LedgerState& state) {
  const std::pair from{state.heads, state.journal.last_id};
  reads_ = from_ == from ? reads_ + 1 : 1;
  from_ = from;
  if (reads_ == most_reads_of_the_same)
    throw Error{ExitCode::bad_migrations,
                "the ledger of database '" + state.database + "' reads as " + state.heads.str() +
                    ", but is something else when it is to be moved",
                "check that " + state.version_table + " is a plain table without triggers and rules"};
  return reads_ == 1 ? 0ms : pause_between_reads_of_the_same;
}

void TimeWithoutProgress::start(milliseconds earlier) {
  if (!since_) since_ = Clock::now() - earlier;
}

void TimeWithoutProgress::require_time_left(const std::string& what) const {
  if (!since_ || Clock::now() - *since_ <= limit_) return;
  throw Error{ExitCode::try_again, what + ", and no progress was made for " + to_text(limit_),
              "try again, or wait longer with --lock-wait"};
}

Retries::Retries(milliseconds limit) : pauses_{first_retry_pause, longest_retry_pause}, time_{limit} {}

milliseconds Retries::pause_after(const RevisionId& revision, const std::string& why, milliseconds waited) {
  if (revision_ != revision) {
    reset();
    revision_ = revision;
    // The attempt's own work before it waited for the lock is not part of the wait.
    time_.start(waited);
  }
  time_.require_time_left(why);
  return pauses_.next();
}

void Retries::reset() {
  revision_.reset();
  pauses_.reset();
  time_.stop();
}

}  // namespace slipway
