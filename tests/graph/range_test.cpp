#include "graph/range.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "error/error.h"
#include "graph/branch_labels.h"
#include "graph/shape.h"

namespace slipway {
namespace {

using test::revisions;
using testing::ElementsAre;
using testing::IsEmpty;

//   a1 ─ a2 ─ a3 ─ a4           b1 ─ b2 (depends on a2)
//         └── x3
class Ranges : public testing::Test {
 protected:
  std::vector<std::string> list(std::string_view range, const Heads& current = {}) const {
    std::vector<std::string> ids;
    for (const Position p : resolve_range(graph_, current, range))
      ids.push_back(graph_[p].id.str());
    return ids;
  }

  const Graph graph_ = Graph::link(revisions(
      {"a1", "a2 <- a1", "a3 <- a2 # main", "a4 <- a3", "x3 <- a2 # extra", "b1 # billing", "b2 <- b1 ; a2"}));
};

TEST_F(Ranges, HoldBothEnds) {
  EXPECT_THAT(list("a2:a4"), ElementsAre("a2", "a3", "a4"));
  EXPECT_THAT(list(":a2"), ElementsAre("a1", "a2"));
  EXPECT_THAT(list("a3:"), ElementsAre("a3", "a4"));
  EXPECT_THAT(list(":"), ElementsAre("a1", "a2", "a3", "a4", "b1", "b2", "x3"));
  EXPECT_THAT(list(":base"), IsEmpty());
}

TEST_F(Ranges, ListDependenciesFromBaseButOnlyTheLineFromARevision) {
  EXPECT_THAT(list(":b2"), ElementsAre("a1", "a2", "b1", "b2"));
  EXPECT_THAT(list("b1:b2"), ElementsAre("b1", "b2"));
}

TEST_F(Ranges, CountFromTheOtherEnd) {
  EXPECT_THAT(list("-1:a4"), ElementsAre("a3", "a4"));
  EXPECT_THAT(list("-9:a4"), ElementsAre("a1", "a2", "a3", "a4"));
  EXPECT_THAT(list("a3:+1"), ElementsAre("a3", "a4"));
  EXPECT_THAT(list("a3:+9"), ElementsAre("a3", "a4"));
  EXPECT_THAT(list("-1:current", Heads{RevisionId{"a3"}}), ElementsAre("a2", "a3"));
  EXPECT_THAT(list("current:+1", Heads{RevisionId{"a3"}}), ElementsAre("a3", "a4"));
}

TEST_F(Ranges, KnowWhatIsCurrent) {
  const Heads current{RevisionId{"a3"}, RevisionId{"b1"}};
  EXPECT_THAT(list(":current", current), ElementsAre("a1", "a2", "a3", "b1"));
  EXPECT_THAT(list("current:", current), ElementsAre("a3", "a4", "b1", "b2"));
  EXPECT_THAT(list(":current"), IsEmpty());
  EXPECT_TRUE(names_current("current:"));
  EXPECT_FALSE(names_current("a1:"));
}

TEST_F(Ranges, KeepToABranch) {
  EXPECT_THAT(list("billing@base:"), ElementsAre("a1", "a2", "b1", "b2"));
  EXPECT_THAT(list("extra@base:"), ElementsAre("a1", "a2", "x3"));
}

TEST_F(Ranges, AreRefusedWhereTheyMakeNoSense) {
  for (const char* range : {"a1", "a:b:c", "a4:a1", "a1:b1", "+1:a4", "a1:-1", "-1:+1", "nowhere:"})
    EXPECT_THROW(list(range), Error) << range;
}

//   a1 ─ a2 ─ a3        c1 ─┬─ c2 ─┬─ m4 ─ m5
//                           └─ d2 ─┘
TEST(BranchLabels, TravelUpTheBranchAndDownToTheLastForkOrMerge) {
  const Graph graph = Graph::link(revisions({"a1", "a2 <- a1 # one", "a3 <- a2", "c1 # both", "c2 <- c1 # left",
                                             "d2 <- c1", "m4 <- c2 d2", "m5 <- m4 # top"}));
  const BranchLabels labels{graph};
  const auto of = [&](const char* id) { return labels.of(*graph.position(RevisionId{id})); };
  EXPECT_THAT(of("a1"), ElementsAre("one"));
  EXPECT_THAT(of("a3"), ElementsAre("one"));
  EXPECT_THAT(of("c1"), ElementsAre("both"));
  EXPECT_THAT(of("c2"), ElementsAre("both", "left"));
  EXPECT_THAT(of("d2"), ElementsAre("both"));
  EXPECT_THAT(of("m4"), ElementsAre("both", "left"));
  EXPECT_THAT(of("m5"), ElementsAre("both", "left", "top"));
}

}  // namespace
}  // namespace slipway
