#include "verify/unfinished.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "error/error.h"
#include "revision/checksum.h"
#include "verify/at_heads.h"

namespace slipway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Revision revision(const std::string& id, std::vector<std::string> revises, std::vector<std::string> depends_on = {}) {
  return {.id = RevisionId{id},
          .revises = std::move(revises),
          .depends_on = std::move(depends_on),
          .branch_labels = {},
          .message = {},
          .created = {},
          .location = {},
          .upgrade = {.sql = "SELECT 1; SELECT 2; SELECT 3;", .transaction = Transaction::none},
          .downgrade = Script{.sql = "SELECT 4;", .transaction = Transaction::none}};
}

JournalEntry begun(const std::string& id, JournalState state, int done, const std::string& sql) {
  const Script script{.sql = sql, .transaction = Transaction::none};
  const std::vector<Statement> statements = split(script);
  const int statements_begun = done + (state == JournalState::in_doubt ? 1 : 0);
  const auto counted = static_cast<std::size_t>(statements_begun);
  return {.id = 1,
          .revision = RevisionId{id},
          .action = JournalAction::upgrade,
          .state = state,
          .token_checksum = token_checksum(script),
          .byte_checksum = {},
          .begun_checksum = statements_checksum(std::span{statements}.first(counted)),
          .statements = static_cast<int>(statements.size()),
          .statements_done = done};
}

Continuation of(const JournalEntry& entry, const std::string& sql, Transaction transaction = Transaction::none) {
  const Script script{.sql = sql, .transaction = transaction};
  return continuation(entry, script, split(script));
}

constexpr auto three = "SELECT 1; SELECT 2; SELECT 3;";

TEST(Continuation, IsBehindWhatIsDone) {
  const JournalEntry entry = begun("a", JournalState::failed, 1, three);
  EXPECT_EQ(of(entry, three).from, 1U);
  EXPECT_FALSE(of(entry, three).is_edited);
  EXPECT_EQ(of(entry, "SELECT 1; SELECT 9;").from, 1U);
  EXPECT_TRUE(of(entry, "SELECT 1; SELECT 9;").is_edited);
  EXPECT_EQ(of(entry, "SELECT 1; SELECT 9;").obstacle, "");
  EXPECT_THAT(of(entry, "SELECT 9; SELECT 2; SELECT 3;").obstacle, HasSubstr("a statement that is done"));
  EXPECT_THAT(of(entry, "").obstacle, HasSubstr("fewer statements"));
  EXPECT_THAT(of(entry, three, Transaction::one).obstacle, HasSubstr("to run in a transaction"));
}

TEST(Continuation, OfWhatDidNothingIsAnyScriptFromItsBeginning) {
  for (const JournalState state : {JournalState::running, JournalState::failed}) {
    const Continuation other = of(begun("a", state, 0, three), "SELECT 9;", Transaction::one);
    EXPECT_EQ(other.from, 0U);
    EXPECT_EQ(other.obstacle, "");
  }
  EXPECT_NE(of(begun("a", JournalState::in_doubt, 0, three), "SELECT 9;").obstacle, "");
}

TEST(Continuation, CountsTheStatementInDoubt) {
  const JournalEntry entry = begun("a", JournalState::in_doubt, 1, three);
  EXPECT_EQ(of(entry, "SELECT 1; SELECT 2; SELECT 9;").from, 1U);
  EXPECT_NE(of(entry, "SELECT 1; SELECT 9; SELECT 3;").obstacle, "");
}

TEST(HowFar, TellsAFailureFromACut) {
  EXPECT_EQ(how_far(begun("a", JournalState::failed, 1, three)), "failed after 1 of its 3 statements");
  EXPECT_EQ(how_far(begun("a", JournalState::running, 2, three)), "was cut off after 2 of its 3 statements");
  EXPECT_EQ(how_far(begun("a", JournalState::in_doubt, 0, three)), "was cut off after 0 of its 3 statements");
}

//     a ─┬─ b ── d
//        └─ c
class PutFirst : public testing::Test {
 protected:
  std::vector<std::string> order(const std::string& unfinished, const Heads& heads) {
    const Target target = resolve_upgrade(graph, heads, "heads");
    Plan steps = plan(graph, heads, target);
    const Heads after = steps.after;
    put_unfinished_first(steps, begun(unfinished, JournalState::failed, 1, three), graph, target);
    std::vector<std::string> ids;
    Heads reached = heads;
    for (const Step& step : steps.steps) {
      ids.push_back(step.revision->id.str());
      reached = step.rows.applied_to(reached);
    }
    EXPECT_EQ(reached, after);
    return ids;
  }

  Graph graph = Graph::link({revision("a", {}), revision("b", {"a"}), revision("c", {"a"}), revision("d", {"b"})});
};

TEST_F(PutFirst, WhatHasBegunOnAnotherBranch) {
  EXPECT_THAT(order("c", Heads{RevisionId{"a"}}), ElementsAre("c", "b", "d"));
  EXPECT_THAT(order("b", Heads{RevisionId{"a"}}), ElementsAre("b", "c", "d"));
}

TEST_F(PutFirst, NothingThatNeedsAnotherBefore) {
  EXPECT_THAT(order("d", Heads{RevisionId{"a"}}), ElementsAre("b", "c", "d"));
  EXPECT_THAT(order("c", Heads{}), ElementsAre("a", "b", "c", "d"));
}

// a and b never ran; what is behind the head comes first, and what has begun even before that.
TEST_F(PutFirst, WhatHasBegunBeforeWhatIsOutOfOrder) {
  const Heads heads{RevisionId{"d"}};
  const Target target = resolve_upgrade(graph, heads, "heads");
  for (const std::string id : {"b", "c"}) {
    Plan steps = plan(graph, heads, target);
    for (const std::string behind : {"b", "a"})
      steps.steps.insert(steps.steps.begin(),
                         {.revision = &graph.at(RevisionId{behind}), .direction = Direction::upgrade, .rows = {}});
    put_unfinished_first(steps, begun(id, JournalState::failed, 1, three), graph, target);
    EXPECT_EQ(steps.steps.front().revision->id.str(), id);
    EXPECT_EQ(steps.steps.size(), 3U);
  }
}

TEST(AtHeads, IsNotWhereAPartOfAScriptIsDone) {
  const Graph graph = Graph::link({revision("a", {})});
  LedgerState ledger;
  ledger.database = "shop";
  ledger.version_table_exists = ledger.journal_exists = true;
  ledger.heads = Heads{RevisionId{"a"}};
  EXPECT_FALSE(not_at_heads(graph, ledger, AheadPolicy::refuse));
  ledger.journal.unfinished = begun("b", JournalState::failed, 1, three);
  EXPECT_TRUE(not_at_heads(graph, ledger, AheadPolicy::refuse));
  EXPECT_FALSE(not_at_heads(graph, ledger, AheadPolicy::allow)) << "the folder does not have it";
  ledger.journal.unfinished = begun("b", JournalState::failed, 0, three);
  EXPECT_FALSE(not_at_heads(graph, ledger, AheadPolicy::refuse)) << "it did nothing";
  ledger.journal.unfinished = begun("b", JournalState::running, 0, three);
  EXPECT_TRUE(not_at_heads(graph, ledger, AheadPolicy::refuse)) << "it may be under way";
}

}  // namespace
}  // namespace slipway
