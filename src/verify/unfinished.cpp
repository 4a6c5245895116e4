#include "verify/unfinished.h"

#include <algorithm>

#include "error/error.h"
#include "revision/checksum.h"

namespace slipway {
namespace {

Direction direction_of(const JournalEntry& entry) {
  return entry.action == JournalAction::downgrade ? Direction::downgrade : Direction::upgrade;
}

// "the upgrade of 003"
std::string named(const JournalEntry& entry) {
  return "the " + std::string{word(entry.action)} + " of " + entry.revision.str();
}

// The plan with only its step; nothing if it can't be the next step.
std::optional<Plan> plan_alone(const JournalEntry& entry, const Graph& graph, const Heads& heads) {
  const Direction direction = direction_of(entry);
  const std::vector<RevisionId> itself{entry.revision};
  const bool up = direction == Direction::upgrade;
  Plan alone = plan(graph, heads,
                    {.direction = direction,
                     .selector = entry.revision.str(),
                     .revisions = up ? itself : std::vector<RevisionId>{},
                     .dropped = up ? std::vector<RevisionId>{} : itself});
  return alone.steps.size() == 1 ? std::optional{std::move(alone)} : std::nullopt;
}

std::string edited_since(const JournalEntry& entry, std::size_t begun, std::span<const Statement> statements) {
  if (statements.size() < begun) return "its script has fewer statements now";
  if (!entry.begun_checksum) return "its script was edited since";
  return entry.state == JournalState::in_doubt ? "a statement that is done, or the one in doubt, was edited since"
                                               : "a statement that is done was edited since";
}

}  // namespace

bool is_of(const JournalEntry& entry, const Step& step) {
  return entry.revision == step.revision->id && direction_of(entry) == step.direction;
}

std::string how_far(const JournalEntry& entry) {
  return std::string{entry.state == JournalState::failed ? "failed" : "was cut off"} + " after " +
         std::to_string(entry.statements_done) + " of its " + std::to_string(entry.statements) + " statements";
}

std::string how_to_resolve(const RevisionId& id) {
  return "finish it by hand and record that with `slipway resolve " + id.str() +
         " --done`; or undo its statements by hand and start over with `slipway resolve " + id.str() + " --retry`";
}

Continuation continuation(const JournalEntry& entry, const Script& script, std::span<const Statement> statements) {
  const bool edited = entry.token_checksum && token_checksum(script) != *entry.token_checksum;
  if (has_done_nothing(entry)) return {.is_edited = edited};
  const auto done = static_cast<std::size_t>(entry.statements_done);
  if (script.transaction == Transaction::one) return {.obstacle = "its script was changed to run in a transaction"};
  if (!edited) return {.from = done};
  const std::size_t begun = done + (entry.state == JournalState::in_doubt ? 1 : 0);
  if (statements.size() >= begun && entry.begun_checksum == statements_checksum(statements.first(begun)))
    return {.from = done, .is_edited = true};
  return {.obstacle = edited_since(entry, begun, statements)};
}

void put_unfinished_first(Plan& plan, const JournalEntry& unfinished, const Graph& graph, const Target& target) {
  const auto is_it = [&](const Step& step) { return is_of(unfinished, step); };
  auto found = std::ranges::find_if(plan.steps, is_it);
  if (found == plan.steps.end() || found == plan.steps.begin()) return;
  // Steps out of order come first and move no head, so they may also come second.
  const auto in_order = std::ranges::find_if(plan.steps, [](const Step& step) { return step.rows != RowChange{}; });
  if (found > in_order) {
    const std::optional<Plan> alone = plan_alone(unfinished, graph, plan.before);
    if (!alone) return;
    const Plan rest = slipway::plan(graph, alone->after, target);
    plan.steps.erase(in_order, plan.steps.end());
    plan.steps.push_back(alone->steps.front());
    plan.steps.insert(plan.steps.end(), rest.steps.begin(), rest.steps.end());
    found = std::ranges::find_if(plan.steps, is_it);
  }
  std::rotate(plan.steps.begin(), found, found + 1);
}

void require_resumable(const LedgerState& ledger, const Plan& plan, const Graph& graph, AheadPolicy ahead) {
  const auto& unfinished = ledger.journal.unfinished;
  if (!unfinished) return;
  const RevisionId& id = unfinished->revision;
  const std::string so_far = named(*unfinished) + " " + how_far(*unfinished);
  if (!graph.contains(id)) {
    if (ahead == AheadPolicy::allow) return;
    throw Error{ExitCode::bad_migrations, so_far + ", and the migrations folder does not have " + id.str(),
                "deploy an image that has it, or start with --ahead allow; or " + how_to_resolve(id)};
  }
  if (plan.empty() || !is_of(*unfinished, plan.steps.front())) {
    const bool can_go_on = plan_alone(*unfinished, graph, ledger.heads).has_value();
    throw Error{ExitCode::migration_failed, so_far + ", and has to be finished first",
                (can_go_on ? "finish it with `slipway " + std::string{word(unfinished->action)} + "`; or " : "") +
                    how_to_resolve(id)};
  }
  const Step& step = plan.steps.front();
  if (script_of(step).transaction == Transaction::one)
    throw Error{ExitCode::migration_failed,
                step.revision->location.str() + ": " + so_far + ", and " +
                    continuation(*unfinished, script_of(step), {}).obstacle,
                "restore the script, and run again; or " + how_to_resolve(id)};
}

}  // namespace slipway
