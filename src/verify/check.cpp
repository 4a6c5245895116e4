#include "verify/check.h"

#include <algorithm>
#include <array>

#include "graph/placement.h"
#include "revision/script_check.h"
#include "verify/findings.h"
#include "verify/id_room.h"
#include "verify/ledger_place.h"
#include "verify/unfinished.h"

namespace slipway {
namespace {

struct Word {
  FindingKind kind;
  std::string_view word;
};

constexpr std::array words{
    Word{FindingKind::several_heads, "several_heads"},
    Word{FindingKind::ledger_elsewhere, "ledger_elsewhere"},
    Word{FindingKind::id_too_long, "id_too_long"},
    Word{FindingKind::unknown, "unknown"},
    Word{FindingKind::edited, "edited"},
    Word{FindingKind::out_of_order, "out_of_order"},
    Word{FindingKind::under_way, "under_way"},
    Word{FindingKind::cut_off, "cut_off"},
    Word{FindingKind::pending, "pending"},
};

class Check {
 public:
  Check(const Graph& graph, const CheckOptions& options) : graph_{graph}, options_{options} {}

  void look_at_folder() {
    for (const Revision& revision : graph_)
      for (const Direction direction : {Direction::upgrade, Direction::downgrade})
        check_script(revision, direction, CheckFor::look);
    const std::vector<Position> heads = graph_.line_heads();
    if (heads.size() <= 1 || options_.allow_multiple_heads) return;
    const Error several = several_heads(graph_);
    std::vector<RevisionId> ids;
    ids.reserve(heads.size());
    for (const Position p : heads)
      ids.push_back(graph_[p].id);
    add(FindingKind::several_heads, std::move(ids), several.message() + "; " + several.hint());
  }

  void look_at_database(const LedgerState& ledger) {
    // The other findings for a missing ledger would be wrong then.
    if (const auto elsewhere = ledger_elsewhere(graph_, ledger))
      return add(FindingKind::ledger_elsewhere, {}, elsewhere->message() + "; " + elsewhere->hint());
    for (const Revision* revision : without_room(graph_, ledger)) {
      const Error error = no_room_for_id(*revision, ledger);
      add(FindingKind::id_too_long, {revision->id}, error.message() + "; " + error.hint());
    }
    const Findings findings = verify(graph_, ledger);
    if (options_.policy.ahead == AheadPolicy::refuse)
      for (const RevisionId& id : findings.unknown)
        add(FindingKind::unknown, {id},
            "database '" + ledger.database + "' is at " + id.str() + ", which the migrations folder does not have");
    if (options_.policy.checksums != ChecksumPolicy::ignore)
      for (const Revision* revision : findings.edited)
        add(FindingKind::edited, {revision->id},
            title_and_file(*revision) + " was edited after it was applied: " +
                describe_edit(*revision, ledger.journal.applied.at(revision->id)));
    if (ledger.journal.unfinished) look_at_unfinished(*ledger.journal.unfinished);
    if (options_.policy.out_of_order == OutOfOrderPolicy::refuse)
      for (const Revision* revision : findings.out_of_order)
        add(FindingKind::out_of_order, {revision->id},
            title_and_file(*revision) + " is behind the database's revision, but was never applied");
    // The parents of an unknown revision are not known, so it is not known what was applied.
    if (!options_.allow_pending && findings.unknown.empty()) look_for_pending(ledger, findings);
  }

  std::vector<Finding> found() && { return std::move(found_); }

 private:
  void look_at_unfinished(const JournalEntry& entry) {
    const std::string script = "the " + std::string{word(entry.action)} + " of " + entry.revision.str();
    if (const auto& session = options_.migrating_session) {
      if (!options_.allow_pending)
        add(FindingKind::under_way, {entry.revision}, script + " is under way in another session: " + *session);
    } else if (!has_done_nothing(entry)) {
      add(FindingKind::cut_off, {entry.revision}, script + " " + how_far(entry));
    }
  }

  void look_for_pending(const LedgerState& ledger, const Findings& findings) {
    const RevisionSet applied = graph_.applied(ledger.heads);
    const bool order_is_free = options_.policy.out_of_order == OutOfOrderPolicy::allow;
    for (Position p = 0; p < graph_.size(); ++p) {
      const Revision& revision = graph_[p];
      const bool left_out =
          order_is_free && std::ranges::find(findings.out_of_order, &revision) != findings.out_of_order.end();
      if (!applied.contains(p) || left_out)
        add(FindingKind::pending, {revision.id},
            title_and_file(revision) + " is not applied to database '" + ledger.database + "'");
    }
  }

  void add(FindingKind kind, std::vector<RevisionId> revisions, std::string sentence) {
    found_.push_back({kind, std::move(revisions), std::move(sentence)});
  }

  const Graph& graph_;
  const CheckOptions& options_;
  std::vector<Finding> found_;
};

}  // namespace

std::string_view word(FindingKind kind) noexcept {
  return std::ranges::find(words, kind, &Word::kind)->word;
}

std::vector<Finding> check(const Graph& graph, const std::optional<LedgerState>& ledger, const CheckOptions& options) {
  Check check{graph, options};
  check.look_at_folder();
  if (ledger) check.look_at_database(*ledger);
  return std::move(check).found();
}

}  // namespace slipway
