#include "runner/runner.h"

#include <algorithm>

#include "base/duration.h"
#include "base/text.h"
#include "database/backoff.h"
#include "error/error.h"
#include "lock/lock_wait.h"
#include "log/log.h"
#include "revision/script_check.h"
#include "runner/attempt.h"
#include "runner/script_error.h"
#include "verify/id_room.h"
#include "verify/ledger_place.h"
#include "verify/requirements.h"

namespace slipway {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

// A server that goes away again and again on the same revision is brought down by it.
constexpr int most_losses = 5;

// At least this long for a server that was there and went away, also for commands that don't wait for one to come.
constexpr milliseconds reconnect_patience = 10s;

// The ledger is read anew where it was not as it was read. That it reads the same each time has another reason.
constexpr int most_reads_of_the_same = 5;
constexpr milliseconds pause_between_reads_of_the_same = 50ms;

constexpr milliseconds lock_timeout_of_a_look = 3s;

constexpr milliseconds first_retry_pause = 200ms;
constexpr milliseconds longest_retry_pause = 5s;

void log_done(const AppliedStep& step) {
  const bool up = step.direction == Direction::upgrade;
  std::string sentence = (up ? "applied " : "reverted ") + step.revision.str();
  if (!step.message.empty()) sentence += " " + step.message;
  log::info(up ? "revision.applied" : "revision.reverted", sentence + " (" + to_text(step.duration) + ")",
            {{"revision", step.revision.str()}, {"duration_ms", std::int64_t{step.duration.count()}}});
}

// What `slipway create` writes is filled in by a person, or was forgotten to be. A merge needs no statements.
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

}  // namespace

Runner::Runner(Parts parts)
    : parts_{std::move(parts)},
      observer_{{.connection = parts_.direct.value_or(parts_.connection),
                 .kill_idle_in_transaction = parts_.policy.kill_idle_in_transaction,
                 .signals = parts_.signals,
                 .progress = parts_.progress}},
      retry_pause_{first_retry_pause, longest_retry_pause} {}

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
    RunPlan now = look(session, resolve);
    for (const Step& step : now.plan.steps)
      static_cast<void>(script_of(step));  // a plan that can't be carried out is none
    return now;
  } catch (const ConnectionLost& lost) {
    throw Error{ExitCode::unavailable, "the connection was lost: " + lost.reason, "try again"};
  }
}

LedgerState Runner::read_ledger(Session& session) {
  const milliseconds lock_timeout = std::clamp(parts_.policy.lock_wait, milliseconds{1}, lock_timeout_of_a_look);
  const auto start = Clock::now();
  for (bool first = true;; first = false) {
    try {
      return parts_.ledger.read(
          session, {.lock_timeout = lock_timeout, .answer = lock_timeout + parts_.connection.connect_timeout});
    } catch (const Error& error) {
      if (error.exit_code() != ExitCode::try_again || Clock::now() - start >= parts_.policy.lock_wait) throw;
      if (first) log::warning("ledger.locked", error.message() + "; waiting for it");
      pause(pause_between_reads_of_the_same, parts_.signals);
    }
  }
}

RunPlan Runner::look(Session& session, const Resolve& resolve) {
  RunPlan now{.ledger = read_ledger(session), .findings = {}, .plan = {}};
  now.plan.before = now.plan.after = now.ledger.heads;
  require_no_ledger_elsewhere(parts_.graph, now.ledger);
  now.findings = verify(parts_.graph, now.ledger);
  if (!now.findings.unknown.empty() && parts_.policy.ahead == AheadPolicy::allow) return now;
  require_known_heads(now.ledger, now.findings);
  if (!target_) target_ = resolve(now.ledger.heads);
  now.plan = plan(parts_.graph, now.ledger.heads, *target_);
  if (target_->direction == Direction::upgrade) {
    require_unedited(now.ledger, now.findings, parts_.policy.checksums);
    insert_out_of_order(now.plan, now.findings, parts_.policy.out_of_order);
  }
  for (const Step& step : now.plan.steps)
    require_room_for_ids(parts_.graph, now.ledger, step.rows.applied_to({}));
  if (is_unfinished_elsewhere(now.ledger, now.plan)) require_nobody_is_at_it(session, now.ledger);
  require_resumable(now.ledger, now.plan, parts_.graph, parts_.policy.ahead);
  return now;
}

const RunResult& Runner::run(const Resolve& resolve) {
  result_ = {};
  parts_.progress.enter(Phase::waiting_for_database);
  std::optional<Session> session{wait_until_ready(parts_.connection, parts_.wait, parts_.signals)};
  std::size_t steps_at_last_loss = 0;
  for (int losses = 0;;) {
    try {
      carry_out(*session, resolve);
      parts_.progress.over();
      return result_;
    } catch (const Error&) {
      if (undurable_) make_durable(*session);
      throw;
    } catch (const ConnectionLost& lost) {
      parts_.progress.over();
      losses = result_.steps.size() == steps_at_last_loss ? losses + 1 : 1;
      steps_at_last_loss = result_.steps.size();
      if (losses == most_losses)
        throw Error{ExitCode::unavailable,
                    "the connection was lost " + std::to_string(losses) + " times without progress: " + lost.reason,
                    "look into the server's log: it may be the migration that brings the server down"};
      log::warning("connection.lost",
                   "the connection was lost (" + lost.reason + "); connecting again and reading the ledger",
                   {{"reason", lost.reason}});
    }
    parts_.progress.enter(Phase::waiting_for_database);
    observer_.disconnect();
    direct_.reset();
    session.reset();
    // A pooler accepts connections also while its server is away.
    parts_.connection.requires_answer = true;
    WaitPolicy again = parts_.wait;
    again.timeout = std::max(again.timeout, reconnect_patience);
    session.emplace(wait_until_ready(parts_.connection, again, parts_.signals));
    // The time without a server is not time spent waiting for a lock.
    waiting_since_.reset();
    retry_revision_.reset();
  }
}

void Runner::carry_out(Session& session, const Resolve& resolve) {
  for (bool first = true;; first = false) {
    RunPlan now = look(session, resolve);
    if (first && result_.steps.empty()) {
      result_.database = now.ledger.database;
      result_.before = now.ledger.heads;
    }
    result_.after = now.ledger.heads;
    result_.ahead = !now.findings.unknown.empty();
    if (now.plan.empty()) return;
    for (const Step& step : now.plan.steps) {
      static_cast<void>(script_of(step));
      require_runnable(session, step);
    }
    const bool finished = std::ranges::all_of(
        now.plan.steps, [&](const Step& step) { return try_step(session, now, step) == Next::step; });
    if (finished) return;
  }
}

Runner::Next Runner::try_step(Session& session, RunPlan& now, const Step& step) {
  const auto start = Clock::now();
  warn_of_empty(step);
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
                  .session_is_promised = parts_.direct.has_value(),
                  .sent = [this](int percent) { observer_.sent(percent); }};
  const RunOptions options{.keep = RunOptions::Keep::last_row, .tick = [this] { observer_.tick(); }};
  const Attempt attempt = this->attempt(session, task, options);
  parts_.progress.over();
  switch (attempt.end) {
    case Attempt::End::done:
      break;
    case Attempt::End::locked:
      wait_for_lock_holder(session, now);
      return Next::look;
    case Attempt::End::moved:
      log::debug("ledger.moved", "another replica has moved the ledger; reading it again");
      require_moved(now.ledger);
      return Next::look;
    case Attempt::End::try_again:
      wait_to_try_again(step, attempt);
      return Next::look;
  }
  undurable_ = task.more_to_come && script_of(step).transaction == Transaction::one;
  waiting_since_.reset();
  retry_revision_.reset();
  now.ledger.heads = step.rows.applied_to(now.ledger.heads);
  now.ledger.journal.last_id = attempt.last_entry;
  now.ledger.journal.unfinished.reset();
  now.ledger.version_table_exists = now.ledger.journal_exists = true;
  now.findings.unjournalled.clear();
  result_.steps.push_back({.revision = step.revision->id,
                           .message = step.revision->message,
                           .direction = step.direction,
                           .duration = std::chrono::duration_cast<milliseconds>(Clock::now() - start)});
  result_.after = now.ledger.heads;
  log_done(result_.steps.back());
  // One that came during the COMMIT came too late for this revision.
  parts_.signals.check();
  return Next::step;
}

Attempt Runner::attempt(Session& session, const Task& task, const RunOptions& options) {
  if (script_of(task.step).transaction == Transaction::one) return attempt_in_transaction(session, task, options);
  if (!parts_.direct) return attempt_without_transaction(session, task, options);
  if (!direct_) direct_.emplace(wait_until_ready(*parts_.direct, parts_.wait, parts_.signals));
  Task over_direct = task;
  over_direct.under_lock = [&](Session& locked) { require_same_database(session, locked, task.state); };
  Attempt attempt = attempt_without_transaction(*direct_, over_direct, options);
  if (attempt.end == Attempt::End::moved) require_same_ledger(session, task.state);
  return attempt;
}

namespace {

Error another_database() {
  return {ExitCode::bad_configuration, "the direct URL leads to another database than the database URL",
          "let direct-url name the same database, past the pooler"};
}

}  // namespace

// What the direct connection does not find as it was read has been moved by another replica, or is another database.
void Runner::require_same_ledger(Session& session, const LedgerState& state) {
  const LedgerState now = parts_.ledger.read(session);
  if (now.heads == state.heads && now.journal.last_id == state.journal.last_id) throw another_database();
}

// A lock that one connection holds is seen by the other where both are connected to the same database. Two that read
// alike, as a copy does, would pass for one otherwise.
void Runner::require_same_database(Session& session, Session& locked, const LedgerState& state) {
  const std::int64_t pid = locked.query("SELECT pg_catalog.pg_backend_pid()").back().integer(0, 0);
  const auto holder = holder_of(session, parts_.ledger.lock_key(state));
  if (!holder || holder->pid != pid) throw another_database();
}

// What was applied before a failure is not to be lost with the server either: a commit that waits for the disk has
// those before it on the disk too. That it can't be had any more is no news worth hiding the failure for.
void Runner::make_durable(Session& session) {
  try {
    session.run(std::string{session.in_transaction() ? "ROLLBACK; " : ""} +
                "SELECT pg_catalog.pg_logical_emit_message(true, 'slipway', '')");
  } catch (const Error&) {
    log::debug("commit.asynchronous", "the last commit may not be on the server's disk yet");
  }
}

// What has begun and not ended may be under way, and is then not cut off. One that the folder does not have, and need
// not, is nobody's concern here.
void Runner::require_nobody_is_at_it(Session& session, const LedgerState& state) {
  const JournalEntry& unfinished = *state.journal.unfinished;
  if (!parts_.graph.contains(unfinished.revision)) return;
  if (const auto holder = holder_of(session, parts_.ledger.lock_key(state)))
    throw Error{ExitCode::try_again,
                "the " + std::string{word(unfinished.action)} + " of " + unfinished.revision.str() +
                    " is under way in another session: " + holder->describe(),
                "try again when it is done"};
}

void Runner::require_moved(const LedgerState& state) {
  const auto same = moved_from_ && moved_from_->first == state.heads && moved_from_->second == state.journal.last_id;
  reads_of_the_same_ = same ? reads_of_the_same_ + 1 : 1;
  moved_from_ = {state.heads, state.journal.last_id};
  if (reads_of_the_same_ == 1) return;
  if (reads_of_the_same_ == most_reads_of_the_same)
    throw Error{
        ExitCode::bad_migrations,
        "the ledger of database '" + state.database + "' reads as " + state.heads.str() +
            ", and is not that when it is to be moved",
        "see that " + state.version_table + " is a plain table, and that no trigger or rule changes what is read"};
  pause(pause_between_reads_of_the_same, parts_.signals);
}

void Runner::require_time_left(const std::string& why, Clock::time_point since) const {
  if (Clock::now() - since <= parts_.policy.lock_wait) return;
  throw Error{ExitCode::try_again, why + ", and no progress was made for " + to_text(parts_.policy.lock_wait),
              "try again, or wait longer with --lock-wait"};
}

// The time counts from the first time that the lock is found taken: what was done or waited for before is none of it.
void Runner::wait_for_lock_holder(Session& session, const RunPlan& now) {
  if (!waiting_since_) waiting_since_ = Clock::now();
  wait_for_lock({.session = session,
                 .key = parts_.ledger.lock_key(now.ledger),
                 .watch = session.set_local() + parts_.ledger.statements(session, now.ledger).watch(now.plan.after),
                 .require_time_left =
                     [this](const std::string& holder) {
                       require_time_left("another session migrates: " + holder, *waiting_since_);
                     },
                 .ledger_moves = [this] { waiting_since_ = Clock::now(); },
                 .signals = parts_.signals,
                 .progress = parts_.progress});
}

void Runner::wait_to_try_again(const Step& step, const Attempt& last) {
  std::string why = title(*step.revision) + ": " + last.error->message;
  if (const std::string blocked = observer_.blocked_by(); !blocked.empty()) why += ", " + blocked;
  if (retry_revision_ != step.revision->id) {
    retry_revision_ = step.revision->id;
    retry_pause_ = Backoff{first_retry_pause, longest_retry_pause};
    // The work before the first wait for a lock is none of the wait.
    blocked_since_ = Clock::now() - last.waited;
  }
  require_time_left(why, blocked_since_);
  const milliseconds pause_for = retry_pause_.next();
  log::warning("revision.retry", why + "; rolled back, trying again in " + std::to_string(pause_for.count()) + " ms",
               {{"revision", step.revision->id.str()}, {"sqlstate", last.error->sqlstate}});
  pause(pause_for, parts_.signals);
}

}  // namespace slipway
