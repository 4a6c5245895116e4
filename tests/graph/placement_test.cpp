#include "graph/placement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "error/error.h"
#include "graph/shape.h"

namespace slipway {
namespace {

using test::revisions;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> texts(const std::vector<RevisionId>& ids) {
  std::vector<std::string> result;
  result.reserve(ids.size());
  for (const RevisionId& id : ids)
    result.push_back(id.str());
  return result;
}

template <typename Call>
void refused(Call call, ExitCode code, const std::string& words) {
  try {
    call();
    FAIL() << "nothing was refused, and this was expected: " << words;
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), code);
    EXPECT_THAT(error.message() + "\n" + error.hint(), HasSubstr(words));
  }
}

//   a1 ─ a2 ─ a3        b1 ─ b2 (depends on a2)
class Placement : public testing::Test {
 protected:
  std::vector<std::string> follow(const std::vector<std::string>& selectors, Splice splice = Splice::refused) const {
    return texts(parents_of_new(graph_, selectors, splice));
  }

  const Graph graph_ = Graph::link(revisions({"a1 # core", "a2 <- a1", "a3 <- a2", "b1 # billing", "b2 <- b1 ; a2"}));
};

TEST_F(Placement, ANewRevisionFollowsTheHeadThatIsNamed) {
  EXPECT_THAT(follow({"core@head"}), ElementsAre("a3"));
  EXPECT_THAT(follow({"a3", "b2", "a3"}), ElementsAre("a3", "b2"));
  EXPECT_THAT(follow({"base"}), IsEmpty());
  EXPECT_THAT(follow({"a1"}, Splice::allowed), ElementsAre("a1"));
  refused([&] { follow({"a1"}); }, ExitCode::usage, "revision a1 is not a head: a2 already revises it");
  refused([&] { follow({"a3", "base"}); }, ExitCode::usage, "'base' names no revision, so it can't be combined");
}

TEST_F(Placement, WithoutANameThereHasToBeOneHead) {
  refused([&] { follow({}); }, ExitCode::bad_migrations, "there are several heads: a3, b2");
  refused([&] { follow({}); }, ExitCode::bad_migrations, "slipway merge heads");
  refused([&] { follow({}); }, ExitCode::bad_migrations, "slipway rebase b2 --onto a3");
  EXPECT_THAT(parents_of_new(Graph::link({}), {}, Splice::refused), IsEmpty());
}

TEST_F(Placement, AMergeHasTwoParentsOrMore) {
  const auto merge = [&](const std::vector<std::string>& selectors, Splice splice = Splice::refused) {
    return texts(parents_of_merge(graph_, selectors, splice));
  };
  EXPECT_THAT(merge({"heads"}), ElementsAre("a3", "b2"));
  EXPECT_THAT(merge({"a2", "b2"}, Splice::allowed), ElementsAre("a2", "b2"));
  refused([&] { merge({"a3"}); }, ExitCode::usage, "nothing to merge with a3");
  refused([&] { merge({"base"}); }, ExitCode::usage, "there is nothing to merge");
  refused([&] { merge({"a2", "b2"}); }, ExitCode::usage, "a2 is not a head");
  refused([&] { merge({"a1", "a3"}, Splice::allowed); }, ExitCode::usage, "a3 already builds on a1");
}

TEST_F(Placement, DependenciesKeepLabelsAndSpellIdsOut) {
  const std::vector<std::string> selectors{"core", "b2", "core@head", "core"};
  EXPECT_THAT(dependencies_of_new(graph_, selectors), ElementsAre("core", "b2", "a3"));
  const std::vector<std::string> nothing{"base"};
  refused([&] { dependencies_of_new(graph_, nothing); }, ExitCode::usage, "names no revision to depend on");
}

TEST_F(Placement, ANameIsUsedOnce) {
  EXPECT_NO_THROW(require_unused(graph_, "c1"));
  refused([&] { require_unused(graph_, "a1"); }, ExitCode::usage,
          "'a1' is already the id of a revision, see migrations/a1.sql:2");
  refused([&] { require_unused(graph_, "core"); }, ExitCode::usage, "is already a branch label of revision a1");
}

TEST_F(Placement, ARebaseMovesARevisionWithWhatBuildsOnIt) {
  const auto rebase = [&](const std::string& id, const std::string& onto) {
    return texts(parents_after_rebase(graph_, RevisionId{id}, onto));
  };
  EXPECT_THAT(rebase("b1", "core@head"), ElementsAre("a3"));
  EXPECT_THAT(rebase("a3", "base"), IsEmpty());
  refused([&] { rebase("a2", "a3"); }, ExitCode::usage, "form a cycle");
  refused([&] { rebase("a2", "b2"); }, ExitCode::usage, "b2 builds on a2");
  refused([&] { rebase("a2", "a2"); }, ExitCode::usage, "can't revise itself");
  refused([&] { rebase("a2", "heads"); }, ExitCode::usage, "a3, b2");
}

TEST(PlacementInALine, OfIdsAloneIsItsEnd) {
  std::vector<Revision> line = revisions({"001", "002 <- 001"});
  for (Revision& revision : line)
    revision.parents = Parents::implied;
  const Graph graph = Graph::link(line);
  const std::vector<std::string> base{"base"};
  EXPECT_THAT(texts(parents_of_new(graph, {}, Splice::refused)), ElementsAre("002"));
  refused([&] { parents_of_new(graph, base, Splice::refused); }, ExitCode::usage, "can only follow the last one, 002");
  refused([&] { parents_after_rebase(graph, RevisionId{"002"}, "base"); }, ExitCode::bad_migrations,
          "no file has a `revises` line");
}

}  // namespace
}  // namespace slipway
