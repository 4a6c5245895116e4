#include "graph/selector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "error/error.h"
#include "graph/shape.h"
#include "graph/target.h"

namespace slipway {
namespace {

using test::revisions;
using testing::AllOf;
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

template <typename Act>
Error usage_error(Act act) {
  try {
    act();
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::usage) << error.message();
    return error;
  }
  ADD_FAILURE() << "no error";
  return Error{ExitCode::internal, "none"};
}

TEST(Selector, IsTakenApart) {
  const Selector all = Selector::parse("feature-x@ab12+3");
  EXPECT_EQ(all.branch, "feature-x");
  EXPECT_EQ(all.name, "ab12");
  EXPECT_EQ(all.steps, 3);
  EXPECT_EQ(Selector::parse("-1").steps, -1);
  EXPECT_EQ(Selector::parse("-1").name, std::nullopt);
  EXPECT_EQ(Selector::parse("feature-x").name, "feature-x");
  EXPECT_EQ(Selector::parse("feature-x").steps, std::nullopt);
  EXPECT_EQ(Selector::parse("1.2-1").name, "1.2");
}

TEST(Selector, RefusesWhatIsNone) {
  for (const char* text : {"", "@", "a@", "@head", "a@b@c", "a:b", "+99999999999"})
    usage_error([&] { Selector::parse(text); });
}

//   aaaa1111 ─ aaaa2222 ─ aaaa3333          bbbb1111 ─ bbbb2222
//                 └────── cccc3333          (label: billing)
class Selecting : public testing::Test {
 protected:
  std::vector<std::string> select(std::string_view text) const { return texts(resolve_revisions(graph_, text)); }
  std::string refusal(std::string_view text) const {
    return usage_error([&] { resolve_revisions(graph_, text); }).message();
  }

  const Graph graph_ = Graph::link(
      revisions({"aaaa1111", "aaaa2222 <- aaaa1111", "aaaa3333 <- aaaa2222", "cccc3333 <- aaaa2222 # reports",
                 "bbbb1111 # billing", "bbbb2222 <- bbbb1111", "001", "002 <- 001 ; bbbb2222"}));
};

TEST_F(Selecting, KnowsIdsLabelsAndWhatBeginsOneOfThem) {
  EXPECT_THAT(select("aaaa2222"), ElementsAre("aaaa2222"));
  EXPECT_THAT(select("billing"), ElementsAre("bbbb1111"));
  EXPECT_THAT(select("c"), ElementsAre("cccc3333"));
  EXPECT_THAT(select("bill"), ElementsAre("bbbb1111"));
  EXPECT_THAT(select("base"), IsEmpty());
  EXPECT_THAT(select("heads"), ElementsAre("aaaa3333", "002", "cccc3333"));
}

TEST_F(Selecting, ListsTheCandidatesOfAnAmbiguousPrefix) {
  EXPECT_EQ(refusal("aaaa"), "'aaaa' is an ambiguous abbreviation: aaaa1111, aaaa2222, aaaa3333");
}

TEST_F(Selecting, NeverAbbreviatesShortIds) {
  const Error error = usage_error([&] { resolve_revisions(graph_, "00"); });
  EXPECT_EQ(error.message(), "no revision or branch is named '00'");
  EXPECT_EQ(error.hint(), "did you mean 001 or 002?");
}

TEST_F(Selecting, ListsTheHeadsWhereOneIsWanted) {
  const Error error = usage_error([&] { resolve_revisions(graph_, "head"); });
  // bbbb2222 is a head too, although something depends on it.
  EXPECT_EQ(error.message(), "'head' is ambiguous, because there are several heads: aaaa3333, bbbb2222, 002, cccc3333");
  EXPECT_THAT(error.hint(),
              AllOf(HasSubstr("heads"), HasSubstr("LABEL@head"), HasSubstr("merge"), HasSubstr("rebase")));
}

TEST_F(Selecting, NarrowsToABranch) {
  EXPECT_THAT(select("billing@head"), ElementsAre("bbbb2222"));
  EXPECT_THAT(select("cccc3333@head"), ElementsAre("cccc3333"));
  EXPECT_THAT(select("aaaa1111@heads"), ElementsAre("aaaa3333", "cccc3333"));
  EXPECT_THAT(select("reports@aaaa1111"), ElementsAre("aaaa1111"));
  EXPECT_THAT(select("billing@bbbb2"), ElementsAre("bbbb2222"));
  EXPECT_EQ(refusal("billing@aaaa1111"), "revision aaaa1111 is not on branch 'billing'");
  EXPECT_EQ(refusal("nobody@head"), "no revision or branch is named 'nobody'");
}

TEST_F(Selecting, CountsFromARevision) {
  EXPECT_THAT(select("aaaa1111+1"), ElementsAre("aaaa2222"));
  EXPECT_THAT(select("reports@aaaa1111+2"), ElementsAre("cccc3333"));
  EXPECT_THAT(select("cccc3333-2"), ElementsAre("aaaa1111"));
  EXPECT_THAT(select("billing@-1"), ElementsAre("bbbb1111"));
  EXPECT_THAT(refusal("aaaa1111+2"), HasSubstr("several ways up from aaaa2222: aaaa3333, cccc3333"));
  EXPECT_THAT(refusal("bbbb2222+1"), HasSubstr("nothing is above bbbb2222"));
  EXPECT_THAT(refusal("bbbb2222-3"), HasSubstr("base is reached after 2"));
}

TEST_F(Selecting, CountsAnUpgradeFromTheCurrentHeads) {
  const Heads current{RevisionId{"aaaa2222"}};
  EXPECT_THAT(texts(resolve_upgrade(graph_, current, "reports@+1").revisions), ElementsAre("cccc3333"));
  EXPECT_THAT(texts(resolve_upgrade(graph_, current, "billing@+2").revisions), ElementsAre("bbbb2222"));
  EXPECT_THAT(usage_error([&] { resolve_upgrade(graph_, current, "+1"); }).message(), HasSubstr("several ways up"));
  const Heads two{RevisionId{"aaaa2222"}, RevisionId{"bbbb1111"}};
  EXPECT_THAT(usage_error([&] { resolve_upgrade(graph_, two, "+1"); }).message(),
              HasSubstr("could count from several revisions: aaaa2222, bbbb1111"));
}

TEST_F(Selecting, RefusesADowngradeToWhatIsNotApplied) {
  EXPECT_THAT(usage_error([&] { resolve_downgrade(graph_, Heads{RevisionId{"aaaa1111"}}, "aaaa2222"); }).message(),
              HasSubstr("revision aaaa2222 is not applied"));
}

TEST_F(Selecting, SaysThatTheDatabaseIsAhead) {
  try {
    resolve_upgrade(graph_, Heads{RevisionId{"dddd4444"}}, "heads");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::bad_migrations);
    EXPECT_THAT(error.message(), HasSubstr("the database is at dddd4444"));
  }
}

}  // namespace
}  // namespace slipway
