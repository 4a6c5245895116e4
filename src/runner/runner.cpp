#include "runner/runner.h"

#include <algorithm>

#include "base/duration.h"
#include "base/text.h"
#include "error/error.h"
#include "lock/lock_wait.h"
#include "log/log.h"
#include "runner/attempt.h"
#include "runner/bookkeeping.h"
#include "runner/direct_session.h"
#include "runner/observer.h"
#include "runner/patience.h"
#include "verify/unfinished.h"

namespace slipway {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// How long to wait at least for a server that was there and went away, also for commands that don't wait at the start.
constexpr milliseconds reconnect_timeout = 10s;

void log_done(const AppliedStep& step) {
  const bool up = step.direction == Direction::upgrade;
  std::string sentence = (up ? "applied " : "reverted ") + step.revision.str();
  if (!step.message.empty()) sentence += " " + step.message;
  log::info(up ? "revision.applied" : "revision.reverted", sentence + " (" + to_text(step.duration) + ")",
            {{"revision", step.revision.str()}, {"duration_ms", std::int64_t{step.duration.count()}}});
}

// A script that `slipway create` wrote and that was never filled in. A merge needs no statements.
void warn_of_empty(const Step& step) {
  const Revision& revision = *step.revision;
  const auto is_empty = [](const Script& script) {
    for (Lines lines{script.sql}; const auto line = lines.next();)
      if (const std::string_view text = trimmed(line->text); !text.empty() && !text.starts_with("--")) return false;
    return true;
  };
  if (!is_empty(script_of(step))) return;
  if (step.direction == Direction::upgrade && revision.revises.size() < 2)
    log::warning("revision.empty", title(revision) + " has no statements under its migrate:up",
                 {{"revision", revision.id.str()}});
  if (step.direction == Direction::downgrade && !is_empty(revision.upgrade))
    log::warning("revision.empty",
                 title(revision) + " has no statements under its migrate:down: what its upgrade made stays",
                 {{"revision", revision.id.str()}});
}

// One upgrade or downgrade, from the first connection to the target. It keeps `result` up to date.
class Run {
 public:
  Run(const Runner::Parts& parts, Planner planner, RunResult& result)
      : parts_{parts},
        planner_{std::move(planner)},
        result_{result},
        connection_{parts.connection},
        observer_{{.connection = parts.direct.value_or(parts.connection),
                   .kill_idle_in_transaction = parts.policy.kill_idle_in_transaction,
                   .signals = parts.signals,
                   .progress = parts.progress}},
        lock_holder_{parts.policy.lock_wait},
        retries_{parts.policy.lock_wait} {
    if (parts.direct) direct_.emplace(*parts.direct, parts.wait, parts.signals);
  }

  void finish() {
    connect(parts_.wait);
    while (!carry_out_while_connected())
      reconnect();
  }

 private:
  enum class Next { step, plan };

  void connect(const WaitPolicy& wait) {
    parts_.progress.enter(Phase::waiting_for_database);
    session_.emplace(wait_until_ready(connection_, wait, parts_.signals));
  }

  void reconnect() {
    observer_.disconnect();
    if (direct_) direct_->disconnect();
    session_.reset();
    // A pooler accepts connections even if its server is away.
    connection_.requires_answer = true;
    WaitPolicy wait = parts_.wait;
    wait.timeout = std::max(wait.timeout, reconnect_timeout);
    connect(wait);
    // The time without a server is not time spent waiting for a lock.
    lock_holder_.stop();
    retries_.reset();
  }

  // False if the connection was lost before the target was reached.
  bool carry_out_while_connected() {
    try {
      carry_out();
      parts_.progress.over();
      return true;
    } catch (const Error&) {
      if (undurable_) make_durable();
      throw;
    } catch (const ConnectionLost& lost) {
      parts_.progress.over();
      lost_connections_.add(lost.reason, result_.steps.size());
      log::warning("connection.lost",
                   "the connection was lost (" + lost.reason + "); connecting again and reading the ledger",
                   {{"reason", lost.reason}});
      return false;
    }
  }

  void carry_out() {
    for (bool first = true;; first = false) {
      RunPlan now = planner_.plan(*session_);
      if (first && result_.steps.empty()) {
        result_.database = now.ledger.database;
        result_.before = now.ledger.heads;
      }
      result_.after = now.ledger.heads;
      result_.ahead = !now.findings.unknown.empty();
      if (now.forgets_unfinished) {
        if (!forget_unfinished(*session_, parts_.ledger, now.ledger)) wait_for_lock_holder(now);
        continue;
      }
      if (now.plan.empty()) return;
      for (const Step& step : now.plan.steps)
        require_runnable(*session_, step);
      const bool finished =
          std::ranges::all_of(now.plan.steps, [&](const Step& step) { return take(step, now) == Next::step; });
      if (finished) return;
    }
  }

  // Takes one step. Next::plan: it was not done, and the ledger has to be read again.
  Next take(const Step& step, RunPlan& now) {
    const auto start = Clock::now();
    const Attempt attempt = this->attempt(step, now);
    parts_.progress.over();
    switch (attempt.end) {
      case Attempt::End::done:
        break;
      case Attempt::End::locked:
        wait_for_lock_holder(now);
        return Next::plan;
      case Attempt::End::moved:
        log::debug("ledger.moved", "another replica has moved the ledger; reading it again");
        pause(moved_ledger_.pause_after(now.ledger), parts_.signals);
        return Next::plan;
      case Attempt::End::try_again:
        wait_to_retry(step, attempt);
        return Next::plan;
    }
    lock_holder_.stop();
    retries_.reset();
    update(now, step, attempt);
    result_.steps.push_back({.revision = step.revision->id,
                             .message = step.revision->message,
                             .direction = step.direction,
                             .duration = std::chrono::duration_cast<milliseconds>(Clock::now() - start)});
    result_.after = now.ledger.heads;
    log_done(result_.steps.back());
    // A signal that came during the COMMIT came too late for this revision.
    parts_.signals.check();
    return Next::step;
  }

  Attempt attempt(const Step& step, const RunPlan& now) {
    warn_of_empty(step);
    const Transaction transaction = script_of(step).transaction;
    const milliseconds lock_timeout = script_of(step).lock_timeout.value_or(parts_.policy.lock_timeout);
    observer_.begin(step, parts_.ledger.lock_key(now.ledger), lock_timeout);
    parts_.progress.enter(Phase::migrating, step.revision->id.str());
    log::debug("revision.started",
               (step.direction == Direction::upgrade ? "applying " : "reverting ") + title(*step.revision),
               {{"revision", step.revision->id.str()}});
    const Task task{.ledger = parts_.ledger,
                    .state = now.ledger,
                    .step = step,
                    .adopted = now.findings.unjournalled,
                    .policy = parts_.policy,
                    .more_to_come = &step != &now.plan.steps.back(),
                    .session_is_promised = direct_.has_value(),
                    .sent = [this](int percent) { observer_.sent(percent); }};
    const RunOptions options{.keep = RunOptions::Keep::last_row, .tick = [this] { observer_.tick(); }};
    Attempt attempt = transaction == Transaction::one ? attempt_in_transaction(*session_, task, options)
                      : direct_                       ? direct_->attempt(*session_, task, options)
                                                      : attempt_without_transaction(*session_, task, options);
    if (attempt.end == Attempt::End::done) undurable_ = task.more_to_come && transaction == Transaction::one;
    return attempt;
  }

  // What the ledger and the findings are after the step, so that they need not be read again.
  static void update(RunPlan& now, const Step& step, const Attempt& done) {
    now.ledger.heads = step.rows.applied_to(now.ledger.heads);
    now.ledger.journal.last_id = done.last_entry;
    if (auto& unfinished = now.ledger.journal.unfinished; unfinished && is_of(*unfinished, step)) unfinished.reset();
    now.ledger.version_table_exists = now.ledger.journal_exists = true;
    now.findings.unjournalled.clear();
  }

  // Commits of this run did not wait for the server's disk. A commit that does brings all those before it to the disk
  // too. If that fails, the error that ended the run is the one to report.
  void make_durable() {
    try {
      session_->run(std::string{session_->in_transaction() ? "ROLLBACK; " : ""} +
                    "SELECT pg_catalog.pg_logical_emit_message(true, 'slipway', '')");
    } catch (const Error&) {
      log::debug("commit.asynchronous", "the last commit may not be on the server's disk yet");
    }
  }

  // The time counts from when the lock was first found taken.
  void wait_for_lock_holder(const RunPlan& now) {
    lock_holder_.start();
    wait_for_lock(
        {.session = *session_,
         .key = parts_.ledger.lock_key(now.ledger),
         .watch = session_->set_local() + parts_.ledger.statements(*session_, now.ledger).watch(now.plan.after),
         .require_time_left =
             [this](const std::string& holder) {
               lock_holder_.require_time_left("another session is migrating: " + holder);
             },
         .ledger_moves = [this] { lock_holder_.restart(); },
         .signals = parts_.signals,
         .progress = parts_.progress});
  }

  void wait_to_retry(const Step& step, const Attempt& failed) {
    const RevisionId& id = step.revision->id;
    std::string why = title(*step.revision) + ": " + failed.error->message;
    if (const std::string blocked = observer_.blocked_by(); !blocked.empty()) why += ", " + blocked;
    const milliseconds pause_for = retries_.pause_after(id, why, failed.waited);
    log::warning("revision.retry", why + "; rolled back, trying again in " + std::to_string(pause_for.count()) + " ms",
                 {{"revision", id.str()}, {"sqlstate", failed.error->sqlstate}});
    pause(pause_for, parts_.signals);
  }

  const Runner::Parts& parts_;
  Planner planner_;
  RunResult& result_;
  SessionOptions connection_;
  std::optional<Session> session_;
  std::optional<DirectSession> direct_;
  Observer observer_;
  LostConnections lost_connections_;
  MovedLedger moved_ledger_;
  TimeWithoutProgress lock_holder_;  // that another session holds the lock
  Retries retries_;
  bool undurable_ = false;  // the last commit did not wait for the server's disk
};

}  // namespace

RunResult Runner::upgrade(std::span<const std::string> selectors) {
  return run(upgrade_planner(selectors));
}

RunResult Runner::downgrade(std::string_view selector) {
  return run(downgrade_planner(selector));
}

RunPlan Runner::plan_upgrade(std::span<const std::string> selectors) {
  return plan(upgrade_planner(selectors));
}

RunPlan Runner::plan_downgrade(std::string_view selector) {
  return plan(downgrade_planner(selector));
}

Planner Runner::planner(Planner::Resolve resolve) const {
  return Planner{{.graph = parts_.graph,
                  .ledger = parts_.ledger,
                  .policy = parts_.policy,
                  .connect_timeout = parts_.connection.connect_timeout,
                  .signals = parts_.signals,
                  .resolve = std::move(resolve)}};
}

Planner Runner::upgrade_planner(std::span<const std::string> selectors) const {
  return planner(
      [&graph = parts_.graph, selectors](const Heads& heads) { return resolve_upgrade(graph, heads, selectors); });
}

Planner Runner::downgrade_planner(std::string_view selector) const {
  return planner(
      [&graph = parts_.graph, selector](const Heads& heads) { return resolve_downgrade(graph, heads, selector); });
}

RunResult Runner::run(Planner planner) {
  result_ = {};
  Run{parts_, std::move(planner), result_}.finish();
  return result_;
}

RunPlan Runner::plan(Planner planner) {
  Session session = wait_until_ready(parts_.connection, parts_.wait, parts_.signals);
  try {
    RunPlan now = planner.plan(session);
    for (const Step& step : now.plan.steps)
      static_cast<void>(script_of(step));  // throws if a step can't be carried out
    return now;
  } catch (const ConnectionLost& lost) {
    throw Error{ExitCode::unavailable, "the connection was lost: " + lost.reason, "try again"};
  }
}

}  // namespace slipway
