#include "graph/graph.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "error/error.h"
#include "graph/shape.h"

namespace slipway {
namespace {

using test::revisions;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> order(const Graph& graph) {
  std::vector<std::string> ids;
  ids.reserve(graph.size());
  for (const Revision& revision : graph)
    ids.push_back(revision.id.str());
  return ids;
}

std::vector<std::string> texts(const std::vector<RevisionId>& ids) {
  std::vector<std::string> result;
  result.reserve(ids.size());
  for (const RevisionId& id : ids)
    result.push_back(id.str());
  return result;
}

Error error_of(std::initializer_list<std::string> lines) {
  try {
    Graph::link(revisions(lines));
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::bad_migrations);
    return error;
  }
  ADD_FAILURE() << "no error";
  return Error{ExitCode::internal, "none"};
}

TEST(Graph, OfNothingIsEmpty) {
  const Graph graph = Graph::link({});
  EXPECT_TRUE(graph.empty());
  EXPECT_TRUE(graph.heads().empty());
}

//   a1 ─ a2 ─ a3 ─┐
//    └── b2 ──────┴─ m1        c1 depends on b2
TEST(Graph, PutsParentsAndDependenciesFirstAndThenTheLowerId) {
  const Graph graph =
      Graph::link(revisions({"m1 <- a3 b2", "c1 ; b2", "a3 <- a2", "a2 <- a1", "b2 <- a1", "a1", "0x <- c1"}));
  EXPECT_THAT(order(graph), ElementsAre("a1", "a2", "a3", "b2", "c1", "0x", "m1"));
  EXPECT_EQ(graph.heads(), (Heads{RevisionId{"0x"}, RevisionId{"m1"}}));
  EXPECT_THAT(texts(graph.parents(RevisionId{"m1"})), ElementsAre("a3", "b2"));
  EXPECT_THAT(texts(graph.children(RevisionId{"a1"})), ElementsAre("a2", "b2"));
  EXPECT_THAT(texts(graph.dependencies(RevisionId{"c1"})), ElementsAre("b2"));
  EXPECT_THAT(texts(graph.dependents(RevisionId{"b2"})), ElementsAre("c1"));
}

TEST(Graph, StaysWhatItIsWhenItIsMoved) {
  Graph first = Graph::link(revisions({"a1 # short", "a2 <- a1"}));
  const Graph graph = std::move(first);
  EXPECT_EQ(graph.at(RevisionId{"a2"}).message, "message of a2");
  ASSERT_NE(graph.name("short"), nullptr);
  EXPECT_EQ(graph.name("short")->position, 0U);
}

//   a1 ─ a2         b1 depends on a2: a2 is an effective head, b1 the only real one
TEST(Graph, DoesNotCountADependencyAmongTheRealHeads) {
  const Graph graph = Graph::link(revisions({"a1", "a2 <- a1", "b1 ; a2"}));
  EXPECT_EQ(graph.heads(), (Heads{RevisionId{"b1"}}));
  EXPECT_THAT(graph.line_heads(), ElementsAre(1, 2));
  EXPECT_THAT(graph.bases(), ElementsAre(0, 2));
}

TEST(Graph, TellsWhatTheRowsImplyAndWhichRowsItDoesNotKnow) {
  const Graph graph = Graph::link(revisions({"a1", "a2 <- a1", "b1 ; a1", "b2 <- b1"}));
  const Heads current{RevisionId{"b1"}, RevisionId{"gone"}};
  EXPECT_THAT(texts(graph.applied(current).ids()), ElementsAre("a1", "b1"));
  EXPECT_THAT(texts(graph.unknown(current)), ElementsAre("gone"));
}

TEST(Graph, TakesABranchLabelAsADependencyAndPrefixesForBoth) {
  const Graph graph = Graph::link(revisions({"abcd1111 # core", "beef2222 <- abcd ; core", "cafe3333 ; beef2"}));
  EXPECT_THAT(texts(graph.parents(RevisionId{"beef2222"})), ElementsAre("abcd1111"));
  EXPECT_THAT(texts(graph.dependencies(RevisionId{"beef2222"})), ElementsAre("abcd1111"));
  EXPECT_THAT(texts(graph.dependencies(RevisionId{"cafe3333"})), ElementsAre("beef2222"));
}

TEST(Graph, NamesEveryUnknownParentWithItsPlaceAndWhatIsNear) {
  const Error error = error_of({"0001", "0003 <- 0002", "0004 <- zzzzzz"});
  EXPECT_THAT(error.message(),
              AllOf(HasSubstr("migrations/0003.sql:3: revision 0003 revises 0002, which no file defines"),
                    HasSubstr("migrations/0004.sql:3: revision 0004 revises zzzzzz")));
  EXPECT_EQ(error.hint(), "did you mean 0001, 0003 or 0004?");
}

TEST(Graph, DoesNotTakeAShortPrefixInAFile) {
  EXPECT_THAT(error_of({"10", "2 <- 1"}).message(), HasSubstr("revision 2 revises 1, which no file defines"));
}

TEST(Graph, ListsTheCandidatesOfAnAmbiguousPrefix) {
  EXPECT_THAT(error_of({"abcd1", "abcd2", "ffff <- abcd"}).message(),
              HasSubstr("revision ffff revises abcd, which is ambiguous: abcd1, abcd2"));
}

TEST(Graph, NamesBothPlacesOfADuplicateId) {
  std::vector<Revision> twice = revisions({"a1", "a1"});
  twice[1].location.file = "plugins/a1.sql";
  try {
    Graph::link(std::move(twice));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "plugins/a1.sql:2: the revision id a1 is already used in migrations/a1.sql:2");
  }
}

TEST(Graph, RefusesALabelThatIsTaken) {
  EXPECT_THAT(error_of({"a1 # one", "b1 # one"}).message(),
              HasSubstr("migrations/b1.sql:2: the branch label one already belongs to revision a1, see "
                        "migrations/a1.sql:2"));
  EXPECT_THAT(error_of({"a1 # b1", "b1"}).message(), HasSubstr("the branch label b1 is the id of a revision"));
  EXPECT_THAT(error_of({"a1 # one one"}).message(), HasSubstr("the branch label one already belongs to revision a1"));
}

TEST(Graph, RefusesWhatNoSelectorCouldName) {
  for (const char* id : {"2024-01", "a@b", "a+1", "a:b", "head", "heads", "base", "current"})
    EXPECT_THAT(error_of({id}).message(), HasSubstr("the revision id '" + std::string{id} + "'")) << id;
  for (const char* label : {"a@b", "a:b", "billing-2", "head"})
    EXPECT_THAT(error_of({"a1 # " + std::string{label}}).message(), HasSubstr("the branch label '")) << label;
  EXPECT_NO_THROW(Graph::link(revisions({"a1 # feature_x v1.2"})));
}

TEST(Graph, RefusesARevisionThatNamesItself) {
  EXPECT_THAT(error_of({"a1 <- a1"}).message(), HasSubstr("migrations/a1.sql:3: revision a1 revises itself"));
  EXPECT_THAT(error_of({"a1 ; a1"}).message(), HasSubstr("revision a1 depends on itself"));
  EXPECT_THAT(error_of({"a1 ; mine # mine"}).message(), HasSubstr("revision a1 depends on itself"));
}

TEST(Graph, NamesTheMembersOfACycleAndNoneBesides) {
  const Error error = error_of({"base0", "a1 <- a3", "a2 <- a1", "a3 <- a2", "a4 <- a3", "top <- a4"});
  EXPECT_THAT(error.message(),
              AllOf(HasSubstr("a1.sql:3: revision a1 revises a3"), HasSubstr("a2.sql:3: revision a2 revises a1"),
                    HasSubstr("a3.sql:3: revision a3 revises a2"), Not(HasSubstr("a4")), Not(HasSubstr("base0")),
                    Not(HasSubstr("top"))));
}

TEST(Graph, NamesTheMembersOfACycleThroughADependency) {
  EXPECT_THAT(error_of({"a1 ; b2", "b1 <- a1", "b2 <- b1"}).message(),
              AllOf(HasSubstr("a1.sql:2: revision a1 depends on b2"), HasSubstr("b2.sql:3: revision b2 revises b1"),
                    HasSubstr("b1.sql:3: revision b1 revises a1")));
}

}  // namespace
}  // namespace slipway
