#include "runner/observer.h"

#include <algorithm>

#include "base/duration.h"
#include "error/error.h"
#include "log/log.h"

namespace slipway {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr milliseconds first_look = 2s;
constexpr milliseconds look_every = 1s;
constexpr milliseconds look_again_after_refusal = 30s;
constexpr milliseconds longest_connect = 2s;  // the step must not wait for it for long
constexpr milliseconds say_still_running_every = 30s;

}  // namespace

Observer::Observer(Parts parts) : parts_{std::move(parts)} {
  // A standby does not show the primary's sessions.
  parts_.connection.access = Access::read_write;
  parts_.connection.connect_timeout = std::min(parts_.connection.connect_timeout, longest_connect);
}

void Observer::begin(const Step& step, LockKey lock_key, milliseconds lock_timeout) {
  if (revision_ != step.revision) blocking_since_.clear();
  revision_ = step.revision;
  step_ = &step;
  lock_key_ = lock_key;
  start_ = Clock::now();
  // Before the lock_timeout ends the statement, while the blocking session can still be seen.
  next_look_ = lock_timeout.count() == 0 ? first_look : std::min(first_look, lock_timeout * 2 / 3);
  next_line_ = say_still_running_every;
  seen_ = {};
  sent_.reset();
  named_.clear();
  said_standby_ = false;
}

milliseconds Observer::elapsed() const {
  return std::chrono::duration_cast<milliseconds>(Clock::now() - start_);
}

std::string Observer::doing() const {
  std::string text = (step_->direction == Direction::upgrade ? "applying " : "reverting ") + title(*step_->revision);
  if (sent_) text += ": " + std::to_string(*sent_) + " % of the script";
  if (seen_.awaits_standby) text += ": waiting for a synchronous standby";
  if (seen_.operation) text += ": " + seen_.operation->describe();
  return text;
}

void Observer::tick() {
  if (elapsed() >= next_look_) {
    const milliseconds pause = look() ? look_every : look_again_after_refusal;
    next_look_ = elapsed() + pause;
  }
  parts_.progress.during(doing(), elapsed());
  if (elapsed() < next_line_) return;
  next_line_ += say_still_running_every;
  parts_.progress.over();
  log::info("revision.running", "still " + doing() + " after " + to_text(elapsed()),
            {{"revision", step_->revision->id.str()}, {"duration_ms", std::int64_t{elapsed().count()}}});
}

void Observer::sent(int percent) {
  sent_ = percent;
  tick();
}

bool Observer::look() {
  try {
    if (!session_) {
      parts_.connection.deadline = Clock::now() + longest_connect;
      session_.emplace(parts_.connection, parts_.signals);
    }
    seen_ = observe(*session_, holder_query(lock_key_));
    name_blockers();
    name_standby();
    if (parts_.kill_idle_in_transaction) end_blockers();
    return true;
  } catch (const ConnectRefused& refused) {
    log::debug("lock.unknown", "can't find out which session blocks: " + refused.failure.reason);
  } catch (const ConnectionLost& lost) {
    session_.reset();
    log::debug("lock.unknown", "can't find out which session blocks: " + lost.reason);
  } catch (const Error&) {
    // A signal. The session that runs the step cancels its statement.
    session_.reset();
  }
  return false;
}

void Observer::name_blockers() {
  for (const Activity& blocker : seen_.blockers) {
    if (std::ranges::find(named_, blocker.pid) != named_.end()) continue;
    named_.push_back(blocker.pid);
    parts_.progress.over();
    log::warning("lock.blocked", "blocked by " + blocker.describe(), {{"blocker_pid", std::int64_t{blocker.pid}}});
  }
}

void Observer::name_standby() {
  if (!seen_.awaits_standby || said_standby_) return;
  said_standby_ = true;
  parts_.progress.over();
  log::warning("commit.waiting",
               "the commit of " + title(*step_->revision) +
                   " waits for a synchronous standby; the server's synchronous_standby_names says which",
               {{"revision", step_->revision->id.str()}});
}

void Observer::end_blockers() {
  const auto now = Clock::now();
  std::map<Backend, Clock::time_point> blocking;
  for (const Activity& blocker : seen_.blockers) {
    const Backend session{blocker.pid, blocker.started};
    const auto known = blocking_since_.find(session);
    const auto since = known == blocking_since_.end() ? now : known->second;
    blocking[session] = since;
    const milliseconds limit = *parts_.kill_idle_in_transaction;
    if (now - since < limit || !end_if_idle_in_transaction(*session_, blocker, limit)) continue;
    parts_.progress.over();
    log::warning("lock.blocker_ended", "ended because of --kill-blockers: " + blocker.describe(),
                 {{"blocker_pid", std::int64_t{blocker.pid}}});
  }
  blocking_since_ = std::move(blocking);
}

std::string Observer::blocked_by() const {
  std::string text;
  for (const Activity& blocker : seen_.blockers)
    text += (text.empty() ? "blocked by " : ", ") + blocker.describe();
  return text;
}

}  // namespace slipway
