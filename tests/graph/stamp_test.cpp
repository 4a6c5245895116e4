#include "graph/stamp.h"

#include <gtest/gtest.h>

#include "error/error.h"
#include "graph/shape.h"

namespace slipway {
namespace {

using test::revisions;

Heads heads(std::initializer_list<std::string> texts) {
  std::vector<RevisionId> ids;
  for (const std::string& text : texts)
    ids.emplace_back(text);
  return Heads{std::move(ids)};
}

//   a1 ─ a2 ─ a3        b1 ─ b2 (depends on a2)        c1
//         └── x3
class Stamping : public testing::Test {
 protected:
  Heads stamp(const Heads& rows, std::vector<std::string> selectors) const {
    const Stamp stamp = plan_stamp(graph_, rows, selectors);
    EXPECT_EQ(stamp.rows.applied_to(rows), stamp.after);
    return stamp.after;
  }

  const Graph graph_ =
      Graph::link(revisions({"a1 # core", "a2 <- a1", "a3 <- a2", "x3 <- a2", "b1 # billing", "b2 <- b1 ; a2", "c1"}));
};

TEST_F(Stamping, ReplacesTheRowsOfTheLineageAndLeavesTheOthers) {
  EXPECT_EQ(stamp({}, {"a2"}), heads({"a2"}));
  EXPECT_EQ(stamp(heads({"a1", "c1"}), {"a3"}), heads({"a3", "c1"}));
  EXPECT_EQ(stamp(heads({"a3", "x3", "c1"}), {"a1"}), heads({"a1", "c1"}));
  EXPECT_EQ(stamp(heads({"a3"}), {"x3"}), heads({"a3", "x3"}));
  EXPECT_EQ(stamp(heads({"a3"}), {"c1"}), heads({"a3", "c1"}));
}

TEST_F(Stamping, CountsDependenciesAsLineage) {
  EXPECT_EQ(stamp(heads({"b2"}), {"a1"}), heads({"a1"}));
}

TEST_F(Stamping, GoesToBaseAsAWholeOrForOneBranch) {
  EXPECT_EQ(stamp(heads({"a3", "b1"}), {"base"}), Heads{});
  EXPECT_EQ(stamp(heads({"a3", "b1"}), {"billing@base"}), heads({"a3"}));
}

TEST_F(Stamping, TakesSeveralTargetsAndGivesNoRowToWhatOneOfThemImplies) {
  EXPECT_EQ(stamp({}, {"a3", "c1"}), heads({"a3", "c1"}));
  EXPECT_EQ(stamp({}, {"a2", "b2"}), heads({"b2"}));
  EXPECT_EQ(stamp(heads({"a3", "b1"}), {"heads"}), graph_.heads());
}

TEST_F(Stamping, RefusesCountsAndUnknownRows) {
  EXPECT_THROW(stamp(heads({"a3"}), {"-1"}), Error);
  EXPECT_THROW(stamp(heads({"a3"}), {"base", "c1"}), Error);
  EXPECT_THROW(stamp(heads({"gone"}), {"a1"}), Error);
}

TEST_F(Stamping, PurgesWhateverTheTableHolds) {
  const std::vector<std::string> target{"a2"};
  const Stamp stamp = plan_purging_stamp(graph_, heads({"c1", "gone"}), target);
  EXPECT_EQ(stamp.after, heads({"a2"}));
  EXPECT_EQ(stamp.rows.applied_to(stamp.before), stamp.after);
}

}  // namespace
}  // namespace slipway
