#include "graph/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "error/error.h"
#include "graph/shape.h"

namespace slipway {
namespace {

using test::revisions;
using testing::ElementsAre;

Heads heads(std::initializer_list<std::string> texts) {
  std::vector<RevisionId> ids;
  for (const std::string& text : texts)
    ids.emplace_back(text);
  return Heads{std::move(ids)};
}

std::vector<std::string> steps(const Plan& plan) {
  std::vector<std::string> ids;
  for (const Step& step : plan.steps)
    ids.push_back((step.direction == Direction::upgrade ? "+" : "-") + step.revision->id.str());
  return ids;
}

Plan upgrade(const Graph& graph, const Heads& current, std::string_view selector) {
  return plan(graph, current, resolve_upgrade(graph, current, selector));
}

Plan downgrade(const Graph& graph, const Heads& current, std::string_view selector) {
  return plan(graph, current, resolve_downgrade(graph, current, selector));
}

// The rows after each step.
std::vector<std::string> rows(const Plan& plan) {
  std::vector<std::string> result;
  Heads heads = plan.before;
  for (const Step& step : plan.steps)
    result.push_back((heads = step.rows.applied_to(std::move(heads))).str());
  EXPECT_EQ(heads, plan.after);
  return result;
}

TEST(Plan, GoesUpAndDownALine) {
  const Graph graph = Graph::link(revisions({"001", "002 <- 001", "003 <- 002"}));
  const Plan up = upgrade(graph, {}, "head");
  EXPECT_THAT(steps(up), ElementsAre("+001", "+002", "+003"));
  EXPECT_THAT(rows(up), ElementsAre("001", "002", "003"));
  EXPECT_THAT(steps(downgrade(graph, heads({"003"}), "-2")), ElementsAre("-003", "-002"));
  EXPECT_THAT(rows(downgrade(graph, heads({"003"}), "base")), ElementsAre("002", "001", "base"));
  EXPECT_THAT(steps(upgrade(graph, heads({"002"}), "head")), ElementsAre("+003"));
  EXPECT_TRUE(upgrade(graph, heads({"003"}), "head").empty());
  EXPECT_TRUE(upgrade(graph, heads({"003"}), "001").empty());
  EXPECT_TRUE(downgrade(graph, heads({"002"}), "002").empty());
}

//   a1 ─┬─ b2 ─┬─ m3
//       └─ c2 ─┘
TEST(Plan, MergesAndSplitsTheRows) {
  const Graph graph = Graph::link(revisions({"a1", "b2 <- a1", "c2 <- a1", "m3 <- b2 c2"}));
  const Plan up = upgrade(graph, {}, "head");
  EXPECT_THAT(steps(up), ElementsAre("+a1", "+b2", "+c2", "+m3"));
  EXPECT_THAT(rows(up), ElementsAre("a1", "b2", "b2, c2", "m3"));
  EXPECT_THAT(up.steps.back().rows.deleted, ElementsAre(RevisionId{"b2"}));
  EXPECT_EQ(up.steps.back().rows.updated, (RowChange::Update{RevisionId{"c2"}, RevisionId{"m3"}}));
  const Plan down = downgrade(graph, heads({"m3"}), "b2");
  EXPECT_THAT(steps(down), ElementsAre("-m3"));
  EXPECT_THAT(rows(down), ElementsAre("b2, c2"));
  EXPECT_THAT(rows(downgrade(graph, heads({"b2", "c2"}), "c2@a1")), ElementsAre("b2"));
}

//   a1 ─ a2        b1 ─ b2 (depends on a2)
TEST(Plan, GivesNoRowToWhatADependencyImplies) {
  const Graph graph = Graph::link(revisions({"a1", "a2 <- a1", "b1", "b2 <- b1 ; a2"}));
  const Plan up = upgrade(graph, {}, "b2");
  EXPECT_THAT(steps(up), ElementsAre("+a1", "+a2", "+b1", "+b2"));
  EXPECT_THAT(rows(up), ElementsAre("a1", "a2", "a2, b1", "b2"));
  EXPECT_THAT(rows(downgrade(graph, heads({"b2"}), "b1")), ElementsAre("a2, b1"));
  // What depends on a2 goes before it, though it is on another branch.
  EXPECT_THAT(steps(downgrade(graph, heads({"b2"}), "a1")), ElementsAre("-b2", "-a2"));
}

//   core     a100 ─── a200 ──┐
//              ╎             ├── c100          the example of docs/branches.md
//   billing  b100 ─── b200 ──┘
TEST(Plan, DoesWhatThePageOnBranchesSays) {
  const Graph two = Graph::link(revisions({"a100 # core", "b100 ; a100 # billing", "a200 <- a100", "b200 <- b100"}));
  EXPECT_THAT(steps(upgrade(two, {}, "heads")), ElementsAre("+a100", "+a200", "+b100", "+b200"));
  EXPECT_THROW(upgrade(two, {}, "head"), Error);
  EXPECT_THAT(rows(upgrade(two, {}, "core@head")), ElementsAre("a100", "a200"));
  EXPECT_THAT(steps(upgrade(two, {}, "billing@head")), ElementsAre("+a100", "+b100", "+b200"));
  EXPECT_EQ(upgrade(two, {}, "billing@head").after, heads({"b200"}));
  EXPECT_THAT(steps(upgrade(two, {}, "billing@+1")), ElementsAre("+a100", "+b100"));

  const Heads both = heads({"a200", "b200"});
  EXPECT_EQ(downgrade(two, both, "billing@-1").after, heads({"a200", "b100"}));
  EXPECT_THAT(steps(downgrade(two, both, "billing@base")), ElementsAre("-b200", "-b100"));
  EXPECT_THAT(steps(downgrade(two, both, "core@base")), ElementsAre("-b200", "-b100", "-a200", "-a100"));
  EXPECT_THROW(downgrade(two, both, "-1"), Error);

  const Graph one = Graph::link(
      revisions({"a100 # core", "b100 ; a100 # billing", "a200 <- a100", "b200 <- b100", "c100 <- a200 b200"}));
  EXPECT_EQ(upgrade(one, both, "head").after, heads({"c100"}));
  EXPECT_EQ(downgrade(one, heads({"c100"}), "a200").after, both);
  EXPECT_THROW(downgrade(one, heads({"c100"}), "-1"), Error);
}

TEST(Plan, GoesOnFromWhereAnotherReplicaBroughtTheDatabase) {
  const Graph graph = Graph::link(revisions({"001", "002 <- 001", "003 <- 002", "004 <- 003"}));
  const Target two_up = resolve_upgrade(graph, heads({"001"}), "+2");
  EXPECT_THAT(steps(plan(graph, heads({"002"}), two_up)), ElementsAre("+003"));
  EXPECT_TRUE(plan(graph, heads({"003"}), two_up).empty());
  const Target one_down = resolve_downgrade(graph, heads({"004"}), "-1");
  EXPECT_TRUE(plan(graph, heads({"003"}), one_down).empty());
  EXPECT_TRUE(plan(graph, heads({"001"}), one_down).empty());
}

// Both an ancestor and its descendant have a row, as Alembic itself can leave it; the first step removes it.
TEST(Plan, TidiesARowThatSaysNothing) {
  const Graph graph = Graph::link(revisions({"001", "002 <- 001", "003 <- 002"}));
  EXPECT_THAT(rows(upgrade(graph, heads({"001", "002"}), "head")), ElementsAre("003"));
  EXPECT_THAT(rows(downgrade(graph, heads({"001", "002"}), "base")), ElementsAre("001", "base"));
  EXPECT_TRUE(upgrade(graph, heads({"001", "003"}), "head").empty());
}

TEST(HeadsAfter, RefusesAnImpossibleStep) {
  const Graph graph = Graph::link(revisions({"001", "002 <- 001"}));
  const Revision& second = graph.at(RevisionId{"002"});
  EXPECT_EQ(heads_after(graph, heads({"001"}), second, Direction::upgrade), heads({"002"}));
  EXPECT_EQ(heads_after(graph, heads({"002", "other"}), second, Direction::downgrade), heads({"001", "other"}));
  EXPECT_THROW(heads_after(graph, {}, second, Direction::upgrade), Error);
  EXPECT_THROW(heads_after(graph, heads({"002"}), second, Direction::upgrade), Error);
  EXPECT_THROW(heads_after(graph, heads({"002"}), graph.at(RevisionId{"001"}), Direction::downgrade), Error);
}

}  // namespace
}  // namespace slipway
