#include "verify/requirements.h"

#include "error/error.h"
#include "log/log.h"

namespace slipway {
namespace {

std::string lines(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items)
    text += "\n  " + item;
  return text;
}

}  // namespace

void require_known_heads(const LedgerState& ledger, const Findings& findings) {
  if (findings.unknown.empty()) return;
  std::string ids;
  for (const RevisionId& id : findings.unknown)
    ids += (ids.empty() ? "" : ", ") + id.str();
  throw Error{
      ExitCode::bad_migrations,
      "database '" + ledger.database + "' is at revision " + ids + ", which the migrations folder does not have",
      "this image or folder is older than the database; deploy the image, or check out the branch, that has " + ids +
          " (`slipway downgrade` goes back there), or accept the newer schema with --ahead allow"};
}

void require_unedited(const LedgerState& ledger, const Findings& findings, ChecksumPolicy policy) {
  for (const Revision* revision : findings.reformatted)
    log::debug("revision.reformatted",
               title_and_file(*revision) + ": only comments or white space changed since it ran",
               {{"revision", revision->id.str()}});
  if (findings.edited.empty() || policy == ChecksumPolicy::ignore) return;
  std::vector<std::string> items;
  for (const Revision* revision : findings.edited) {
    items.push_back(title_and_file(*revision) + ": " +
                    describe_edit(*revision, ledger.journal.applied.at(revision->id)));
    if (policy == ChecksumPolicy::warn)
      log::warning("revision.edited", items.back() + "; it was applied already", {{"revision", revision->id.str()}});
  }
  if (policy == ChecksumPolicy::warn) return;
  const std::string first = findings.edited.front()->id.str();
  throw Error{
      ExitCode::bad_migrations, "edited after they were applied:" + lines(items),
      "restore the files and write a new revision for the change; if the database is right as it is: slipway accept " +
          first};
}

void insert_out_of_order(Plan& plan, const Findings& findings, OutOfOrderPolicy policy) {
  if (findings.out_of_order.empty()) return;
  std::vector<std::string> items;
  std::vector<Step> steps;
  for (const Revision* revision : findings.out_of_order) {
    items.push_back(title_and_file(*revision));
    steps.push_back({.revision = revision, .direction = Direction::upgrade, .rows = {}});
  }
  if (policy == OutOfOrderPolicy::refuse)
    throw Error{
        ExitCode::bad_migrations, "behind the database's revision, but never applied:" + lines(items),
        "change them to revise the head; or apply them now with --out-of-order; or, if the database has their changes "
        "already: slipway accept " +
            findings.out_of_order.front()->id.str()};
  for (const std::string& item : items)
    log::info("revision.out_of_order", "out of order: " + item);
  plan.steps.insert(plan.steps.begin(), steps.begin(), steps.end());
}

bool is_unfinished_elsewhere(const LedgerState& ledger, const Plan& plan) {
  const auto& unfinished = ledger.journal.unfinished;
  if (!unfinished) return false;
  const bool first =
      !plan.empty() && plan.steps.front().revision->id == unfinished->revision &&
      (plan.steps.front().direction == Direction::downgrade) == (unfinished->action == JournalAction::downgrade);
  return !first;
}

void require_resumable(const LedgerState& ledger, const Plan& plan, const Graph& graph, AheadPolicy ahead) {
  const auto& unfinished = ledger.journal.unfinished;
  if (!unfinished) return;
  const std::string& id = unfinished->revision.str();
  const std::string action{word(unfinished->action)};
  const std::string settle = "`slipway resolve " + id + " --done` or `--retry`";
  if (!graph.contains(unfinished->revision)) {
    if (ahead == AheadPolicy::allow) return;
    throw Error{ExitCode::bad_migrations,
                "the " + action + " of " + id + ", which the migrations folder does not have, is not finished",
                "this image is older than what migrates the database: deploy one that has the revision, or start "
                "beside it with --ahead allow"};
  }
  const std::string so_far = "the " + action + " of " + id + " was cut off after " +
                             std::to_string(unfinished->statements_done) + " of its " +
                             std::to_string(unfinished->statements) + " statements";
  if (is_unfinished_elsewhere(ledger, plan))
    throw Error{ExitCode::migration_failed, so_far + ", and has to be finished first",
                "finish it with `slipway " + action + "`, or settle it with " + settle};
  const Step& step = plan.steps.front();
  if (script_of(step).transaction == Transaction::one)
    throw Error{
        ExitCode::migration_failed,
        step.revision->location.str() + ": " + so_far + ", and its script was edited since to run in a transaction",
        "restore the script, or finish by hand; then settle it with " + settle};
}

}  // namespace slipway
