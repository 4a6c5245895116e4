#include "verify/findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "revision/checksum.h"
#include "sql/statement.h"

namespace slipway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Revision revision(const std::string& id, std::vector<std::string> revises, const std::string& sql = "SELECT 1;") {
  return {.id = RevisionId{id},
          .revises = std::move(revises),
          .depends_on = {},
          .branch_labels = {},
          .message = {},
          .created = {},
          .location = {},
          .upgrade = {.sql = sql},
          .downgrade = {}};
}

JournalEntry ran(const Revision& revision, std::int64_t number) {
  return {.id = number,
          .revision = revision.id,
          .action = JournalAction::upgrade,
          .state = JournalState::done,
          .token_checksum = token_checksum(revision.upgrade),
          .byte_checksum = bytes_checksum(revision.upgrade),
          .statements = static_cast<int>(statement_count(revision.upgrade)),
          .statements_done = 1};
}

std::vector<std::string> ids(const std::vector<const Revision*>& revisions) {
  std::vector<std::string> names;
  names.reserve(revisions.size());
  for (const Revision* each : revisions)
    names.push_back(each->id.str());
  return names;
}

// a ── b ── c ── d
class Line : public testing::Test {
 protected:
  Line() { ledger.version_table_exists = ledger.journal_exists = true; }

  void journal(const std::string& id) { ledger.journal.add(ran(graph.at(RevisionId{id}), ledger.journal.last_id + 1)); }
  void at(const std::string& id) { ledger.heads = Heads{RevisionId{id}}; }

  Graph graph = Graph::link({revision("a", {}), revision("b", {"a"}), revision("c", {"b"}), revision("d", {"c"})});
  LedgerState ledger;
};

TEST_F(Line, AStampCountsAsAppliedUntilItIsTakenBack) {
  JournalEntry entry = ran(graph.at(RevisionId{"a"}), 1);
  entry.action = JournalAction::stamp;
  ledger.journal.add(entry);
  at("a");
  EXPECT_THAT(verify(graph, ledger).unjournalled, IsEmpty());
  entry.action = JournalAction::unstamp;
  entry.id = 2;
  ledger.journal.add(entry);
  EXPECT_THAT(ids(verify(graph, ledger).unjournalled), ElementsAre("a"));
}

TEST_F(Line, FindsNothingWhereAllFits) {
  journal("a");
  journal("b");
  at("b");
  const Findings findings = verify(graph, ledger);
  EXPECT_THAT(findings.unknown, IsEmpty());
  EXPECT_THAT(findings.edited, IsEmpty());
  EXPECT_THAT(findings.out_of_order, IsEmpty());
  EXPECT_THAT(findings.unjournalled, IsEmpty());
}

TEST_F(Line, WhatAnotherToolAppliedIsUnjournalled) {
  at("b");
  EXPECT_THAT(ids(verify(graph, ledger).unjournalled), ElementsAre("a", "b"));
}

// Alembic went on from where slipway had stopped.
TEST_F(Line, WhatAnotherToolAppliedAboveTheJournalIsUnjournalled) {
  journal("a");
  at("c");
  const Findings findings = verify(graph, ledger);
  EXPECT_THAT(ids(findings.unjournalled), ElementsAre("b", "c"));
  EXPECT_THAT(findings.out_of_order, IsEmpty());
}

TEST_F(Line, WhatStandsBehindAJournalledRevisionNeverRan) {
  journal("a");
  journal("c");
  at("d");
  const Findings findings = verify(graph, ledger);
  EXPECT_THAT(ids(findings.out_of_order), ElementsAre("b"));
  EXPECT_THAT(ids(findings.unjournalled), ElementsAre("d"));
}

TEST_F(Line, ADowngradeTakesARevisionOutOfTheJournal) {
  journal("a");
  journal("b");
  JournalEntry undone = ran(graph.at(RevisionId{"b"}), 3);
  undone.action = JournalAction::downgrade;
  ledger.journal.add(undone);
  at("a");
  EXPECT_FALSE(ledger.journal.applied.contains(RevisionId{"b"}));
  EXPECT_THAT(verify(graph, ledger).out_of_order, IsEmpty());
}

TEST_F(Line, AnUnknownHeadIsNamed) {
  at("z");
  EXPECT_THAT(verify(graph, ledger).unknown, ElementsAre(RevisionId{"z"}));
}

TEST_F(Line, AScriptThatDidNotEndIsUnfinishedUntilItDoes) {
  JournalEntry running = ran(graph.at(RevisionId{"a"}), 1);
  running.state = JournalState::running;
  ledger.journal.add(running);
  ASSERT_TRUE(ledger.journal.unfinished);
  EXPECT_EQ(ledger.journal.unfinished->revision, RevisionId{"a"});
  EXPECT_FALSE(ledger.journal.applied.contains(RevisionId{"a"}));
}

TEST(Edits, AreToldFromLayout) {
  const Revision before = revision("a", {}, "CREATE TABLE t (a int);");
  const JournalEntry entry = ran(before, 1);
  EXPECT_EQ(edit_of(before, entry), Edit::none);
  EXPECT_EQ(edit_of(revision("a", {}, "create table T  (a int); -- with a comment"), entry), Edit::layout);
  const Revision edited = revision("a", {}, "CREATE TABLE t (a bigint);");
  EXPECT_EQ(edit_of(edited, entry), Edit::statements);
  EXPECT_EQ(describe_edit(edited, entry), "one of its statements was changed");
  EXPECT_EQ(describe_edit(revision("a", {}, "SELECT 1; SELECT 2;"), entry),
            "it has 2 statements now, but had 1 when it ran");
}

TEST(Journal, RefusesWordsOfALaterSlipway) {
  EXPECT_THROW(journal_action("teleport"), std::runtime_error);
}

}  // namespace
}  // namespace slipway
