#include "runner/planner.h"

#include <algorithm>

#include "database/wait.h"
#include "error/error.h"
#include "lock/advisory_lock.h"
#include "log/log.h"
#include "verify/id_room.h"
#include "verify/ledger_place.h"
#include "verify/requirements.h"
#include "verify/unfinished.h"

namespace slipway {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr milliseconds longest_lock_timeout = 3s;
constexpr milliseconds pause_between_reads = 50ms;

Error under_way(const JournalEntry& unfinished, const Graph& graph, const std::string& session) {
  const std::string script = "the " + std::string{word(unfinished.action)} + " of " + unfinished.revision.str();
  const std::string where = " is running in another session: " + session;
  if (graph.contains(unfinished.revision)) return {ExitCode::try_again, script + where, "try again when it is done"};
  return {
      ExitCode::bad_migrations, script + ", which the migrations folder does not have," + where,
      "this image is older than the one that migrates the database: deploy one that has the revision, or start with "
      "--ahead allow"};
}

}  // namespace

RunPlan Planner::plan(Session& session) {
  RunPlan now{.ledger = read_ledger(session), .findings = {}, .plan = {}};
  now.plan.before = now.plan.after = now.ledger.heads;
  require_no_ledger_elsewhere(parts_.graph, now.ledger);
  now.findings = verify(parts_.graph, now.ledger);
  if (!now.findings.unknown.empty() && parts_.policy.ahead == AheadPolicy::allow) return now;
  require_known_heads(now.ledger, now.findings);
  if (!target_) target_ = parts_.resolve(now.ledger.heads);
  now.plan = slipway::plan(parts_.graph, now.ledger.heads, *target_);
  if (target_->direction == Direction::upgrade) {
    require_unedited(now.ledger, now.findings, parts_.policy.checksums);
    insert_out_of_order(now.plan, now.findings, parts_.policy.out_of_order);
  }
  for (const Step& step : now.plan.steps)
    require_room_for_ids(parts_.graph, now.ledger, step.rows.applied_to({}));
  if (now.ledger.journal.unfinished) consider_unfinished(session, now);
  return now;
}

LedgerState Planner::read_ledger(Session& session) const {
  const milliseconds lock_timeout = std::clamp(parts_.policy.lock_wait, milliseconds{1}, longest_lock_timeout);
  const auto start = Clock::now();
  for (bool first = true;; first = false) {
    try {
      return parts_.ledger.read(session,
                                {.lock_timeout = lock_timeout, .answer = lock_timeout + parts_.connect_timeout});
    } catch (const Error& error) {
      if (error.exit_code() != ExitCode::try_again || Clock::now() - start >= parts_.policy.lock_wait) throw;
      if (first) log::warning("ledger.locked", error.message() + "; waiting for it");
      pause(pause_between_reads, parts_.signals);
    }
  }
}

// If the plan begins with the unfinished script, the attempt decides under the lock how to go on. For every other plan
// it matters whether another session is at work on the script.
void Planner::consider_unfinished(Session& session, RunPlan& now) const {
  const JournalEntry& unfinished = *now.ledger.journal.unfinished;
  if (!parts_.graph.contains(unfinished.revision) && parts_.policy.ahead == AheadPolicy::allow) return;
  put_unfinished_first(now.plan, unfinished, parts_.graph, *target_);
  const bool continues = !now.plan.empty() && is_of(unfinished, now.plan.steps.front()) &&
                         script_of(now.plan.steps.front()).transaction == Transaction::none;
  if (continues) return;
  if (const auto holder = holder_of(session, parts_.ledger.lock_key(now.ledger)))
    throw under_way(unfinished, parts_.graph, holder->describe());
  if (has_done_nothing(unfinished))
    now.forgets_unfinished = true;
  else
    require_resumable(now.ledger, now.plan, parts_.graph, parts_.policy.ahead);
}

}  // namespace slipway
