#include "runner/runner.h"

#include <algorithm>

#include "database/activity.h"
#include "database/backoff.h"
#include "error/error.h"
#include "log/log.h"
#include "revision/script_check.h"
#include "runner/attempt.h"
#include "runner/fitness.h"
#include "runner/script_error.h"
#include "runner/turn.h"

namespace slipway {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

// A server that goes away again and again on the same revision is brought down by it.
constexpr int most_losses = 5;

// At least this long for a server that was there and went away, also for commands that don't wait for one to come.
constexpr milliseconds reconnect_patience = 10s;

constexpr milliseconds blocked_after = 1s;
constexpr milliseconds look_for_blockers_every = 5s;
constexpr milliseconds say_still_running_every = 30s;
constexpr milliseconds first_retry_pause = 200ms;
constexpr milliseconds longest_retry_pause = 5s;

std::string spoken(milliseconds duration) {
  if (duration < 10s) return std::to_string(duration.count()) + " ms";
  return std::to_string(duration.count() / 1000) + " s";
}

std::string doing(const Step& step) {
  return (step.direction == Direction::upgrade ? "applying " : "reverting ") + title(*step.revision);
}

void log_done(const AppliedStep& step) {
  const bool up = step.direction == Direction::upgrade;
  std::string sentence = (up ? "applied " : "reverted ") + step.revision.str();
  if (!step.message.empty()) sentence += " " + step.message;
  log::info(up ? "revision.applied" : "revision.reverted", sentence + " (" + spoken(step.duration) + ")",
            {{"revision", step.revision.str()}, {"duration_ms", std::int64_t{step.duration.count()}}});
}

}  // namespace

Runner::Runner(Parts parts) : parts_{std::move(parts)}, retry_pause_{first_retry_pause, longest_retry_pause} {}

RunResult Runner::upgrade(std::span<const std::string> selectors) {
  return run([this, selectors](const Heads& heads) { return resolve_upgrade(parts_.graph, heads, selectors); });
}

RunResult Runner::downgrade(std::string_view selector) {
  return run([this, selector](const Heads& heads) { return resolve_downgrade(parts_.graph, heads, selector); });
}

RunPlan Runner::plan_upgrade(std::span<const std::string> selectors) {
  return look([this, selectors](const Heads& heads) { return resolve_upgrade(parts_.graph, heads, selectors); });
}

RunPlan Runner::plan_downgrade(std::string_view selector) {
  return look([this, selector](const Heads& heads) { return resolve_downgrade(parts_.graph, heads, selector); });
}

RunPlan Runner::look(const Resolve& resolve) {
  Session session = wait_until_ready(parts_.connection, parts_.wait, parts_.signals);
  try {
    return look(session, resolve);
  } catch (const ConnectionLost& lost) {
    throw Error{ExitCode::unavailable, "the connection was lost: " + lost.reason, "try again"};
  }
}

RunPlan Runner::look(Session& session, const Resolve& resolve) {
  RunPlan now{.ledger = parts_.ledger.read(session), .findings = {}, .plan = {}};
  now.plan.before = now.plan.after = now.ledger.heads;
  now.findings = verify(parts_.graph, now.ledger);
  if (!now.findings.unknown.empty() && parts_.policy.ahead == AheadPolicy::allow) return now;
  require_known_heads(now.ledger, now.findings);
  if (!target_) target_ = resolve(now.ledger.heads);
  now.plan = plan(parts_.graph, now.ledger.heads, *target_);
  if (target_->direction == Direction::upgrade) {
    require_unedited(now.ledger, now.findings, parts_.policy.checksums);
    insert_out_of_order(now.plan, now.findings, parts_.policy.out_of_order);
  }
  require_resumable(now.ledger, now.plan);
  return now;
}

RunResult Runner::run(const Resolve& resolve) {
  RunResult result;
  std::optional<Session> session{wait_until_ready(parts_.connection, parts_.wait, parts_.signals)};
  std::size_t steps_at_last_loss = 0;
  for (int losses = 0;;) {
    try {
      carry_out(*session, resolve, result);
      parts_.progress.over();
      return result;
    } catch (const ConnectionLost& lost) {
      parts_.progress.over();
      losses = result.steps.size() == steps_at_last_loss ? losses + 1 : 1;
      steps_at_last_loss = result.steps.size();
      if (losses == most_losses)
        throw Error{ExitCode::unavailable,
                    "the connection was lost " + std::to_string(losses) + " times without progress: " + lost.reason,
                    "look into the server's log: it may be the migration that brings the server down"};
      log::warning("connection.lost",
                   "the connection was lost (" + lost.reason + "); connecting again and reading the ledger",
                   {{"reason", lost.reason}});
    }
    observer_.reset();
    session.reset();
    WaitPolicy again = parts_.wait;
    again.timeout = std::max(again.timeout, reconnect_patience);
    session.emplace(wait_until_ready(parts_.connection, again, parts_.signals));
  }
}

void Runner::carry_out(Session& session, const Resolve& resolve, RunResult& result) {
  for (bool first = true;; first = false) {
    RunPlan now = look(session, resolve);
    if (first && result.steps.empty()) {
      result.database = now.ledger.database;
      result.before = now.ledger.heads;
    }
    result.after = now.ledger.heads;
    result.ahead = !now.findings.unknown.empty();
    if (now.plan.empty()) return;
    for (const Step& step : now.plan.steps) {
      static_cast<void>(script_of(step));
      check_script(*step.revision, step.direction);
    }
    const bool finished = std::ranges::all_of(
        now.plan.steps, [&](const Step& step) { return try_step(session, now, step, result) == Next::step; });
    result.after = now.ledger.heads;
    if (finished) return;
  }
}

Runner::Next Runner::try_step(Session& session, RunPlan& now, const Step& step, RunResult& result) {
  const Script& script = script_of(step);
  const auto start = Clock::now();
  const auto elapsed = [start] { return std::chrono::duration_cast<milliseconds>(Clock::now() - start); };
  const milliseconds lock_timeout = script.lock_timeout.value_or(parts_.policy.lock_timeout);
  milliseconds look_for_blockers =
      lock_timeout.count() == 0 ? blocked_after : std::min(blocked_after, lock_timeout / 2);
  milliseconds still_running = say_still_running_every;
  named_blockers_.clear();

  const RunOptions options{
      .keep = RunOptions::Keep::last_row, .tick = [&] {
        parts_.progress.during(doing(step), elapsed());
        if (elapsed() >= look_for_blockers) {
          look_for_blockers = elapsed() + look_for_blockers_every;
          name_blockers(session.backend_pid());
        }
        if (elapsed() >= still_running) {
          still_running += say_still_running_every;
          parts_.progress.over();
          log::info("revision.running", "still " + doing(step) + " after " + spoken(elapsed()),
                    {{"revision", step.revision->id.str()}, {"duration_ms", std::int64_t{elapsed().count()}}});
        }
      }};
  log::debug("revision.started", doing(step), {{"revision", step.revision->id.str()}});
  const Task task{.ledger = parts_.ledger,
                  .state = now.ledger,
                  .step = step,
                  .adopted = now.findings.unjournalled,
                  .policy = parts_.policy};
  const Attempt attempt = script.transaction == Transaction::one ? attempt_in_transaction(session, task, options)
                                                                 : attempt_without_transaction(session, task, options);
  parts_.progress.over();
  switch (attempt.end) {
    case Attempt::End::done:
      break;
    case Attempt::End::locked:
      wait_for_turn(session, now.ledger);
      return Next::look;
    case Attempt::End::moved:
      log::debug("ledger.moved", "another replica has moved the ledger; reading it again");
      return Next::look;
    case Attempt::End::try_again:
      wait_to_try_again(step, attempt);
      return Next::look;
  }
  last_progress_ = Clock::now();
  now.ledger.heads = step.rows.applied_to(now.ledger.heads);
  now.ledger.journal.last_id = attempt.last_entry;
  now.ledger.journal.unfinished.reset();
  now.ledger.version_table_exists = now.ledger.journal_exists = true;
  now.findings.unjournalled.clear();
  result.steps.push_back({.revision = step.revision->id,
                          .message = step.revision->message,
                          .direction = step.direction,
                          .duration = elapsed()});
  log_done(result.steps.back());
  return Next::step;
}

void Runner::require_time_left(const std::string& why) const {
  if (Clock::now() - last_progress_ <= parts_.policy.lock_wait) return;
  throw Error{ExitCode::try_again, why + ", and no progress was made for " + spoken(parts_.policy.lock_wait),
              "try again, or wait longer with --lock-wait"};
}

void Runner::wait_for_turn(Session& session, const LedgerState& state) {
  std::string question;
  if (state.version_table_exists && state.journal_exists)
    question = session.set_role() +
               "SELECT pg_catalog.concat(pg_catalog.array_agg(version_num ORDER BY version_num), ' ', "
               "(SELECT pg_catalog.max(id) FROM " +
               parts_.ledger.journal_table(session, state) + ")) FROM " + parts_.ledger.version_table(session, state);
  const auto require_time = [this](const std::string& holder) {
    require_time_left("another session migrates: " + holder);
  };
  const Turn turn = slipway::wait_for_turn({.session = session,
                                            .key = parts_.ledger.lock_key(state),
                                            .ledger_question = question,
                                            .require_time_left = require_time,
                                            .signals = parts_.signals,
                                            .progress = parts_.progress});
  if (turn == Turn::ledger_moved) last_progress_ = Clock::now();
}

void Runner::wait_to_try_again(const Step& step, const Attempt& last) {
  const std::string why = title(*step.revision) + ": " + last.error->message;
  require_time_left(why);
  retry_pause_ = retry_revision_ == step.revision->id ? retry_pause_ : Backoff{first_retry_pause, longest_retry_pause};
  retry_revision_ = step.revision->id;
  const milliseconds pause_for = retry_pause_.next();
  log::warning("revision.retry", why + "; rolled back, trying again in " + std::to_string(pause_for.count()) + " ms",
               {{"revision", step.revision->id.str()}, {"sqlstate", last.error->sqlstate}});
  pause(pause_for, parts_.signals);
}

void Runner::name_blockers(int pid) {
  try {
    if (!observer_) {
      SessionOptions options = parts_.connection;
      options.access = Access::read_only;
      observer_.emplace(options, parts_.signals);
    }
    for (const Activity& blocker : blockers_of(*observer_, pid)) {
      if (std::ranges::find(named_blockers_, blocker.pid) != named_blockers_.end()) continue;
      named_blockers_.push_back(blocker.pid);
      parts_.progress.over();
      log::warning("lock.blocked", "blocked by " + blocker.describe(), {{"blocker_pid", std::int64_t{blocker.pid}}});
    }
  } catch (const ConnectRefused& refused) {
    log::debug("lock.unknown", "can't look who blocks: " + refused.failure.reason);
  } catch (const ConnectionLost& lost) {
    observer_.reset();
    log::debug("lock.unknown", "can't look who blocks: " + lost.reason);
  }
}

}  // namespace slipway
