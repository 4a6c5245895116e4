#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "integration/shop.h"

// history, current, heads, branches and show: the forms that scripts read, and the same for programs.

namespace slipway::fixture {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

json parsed(const Finished& finished) {
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  return json::parse(finished.out);
}

void fails_with(Project& project, int code, const std::vector<std::string>& arguments, const std::string& words) {
  const Finished finished = project.run(arguments);
  EXPECT_EQ(finished.exit_code, code) << finished.out << finished.err;
  EXPECT_THAT(finished.err, HasSubstr(words));
}

TEST(History, ShowsRevisionsNewestFirst) {
  Project project;
  project.write_file("migrations/001_one.sql",
                     "-- First things\n-- revision: 001\n-- revises:\n-- migrate:up\nSELECT 1;\n");
  project.write_file("migrations/002_two.sql",
                     "-- Second\n-- revision: 002\n-- revises: 001\n-- migrate:up\nSELECT 1;\n");
  EXPECT_EQ(project.run({"history"}).out, "001 -> 002 (head), Second\n<base> -> 001, First things\n");
  project.run({"upgrade", "001"});
  EXPECT_EQ(project.run({"history", "-i"}).out, "001 -> 002 (head), Second\n<base> -> 001 (current), First things\n");
  const auto json = json::parse(project.run({"history", "-i", "--format", "json"}).out);
  EXPECT_EQ(json.at(0).at("applied"), false);
  EXPECT_EQ(json.at(1).at("current"), true);
}

TEST(History, HasAlembicsLines) {
  Shop shop;
  EXPECT_EQ(shop.run({"history"}).out,
            "b100 -> b200 (billing) (head), Make b200\n"
            "<base> (a100) -> b100 (billing), Make b100\n"
            "a100 -> a200 (core) (head), Make a200\n"
            "<base> -> a100 (core), Make a100\n");
  ASSERT_EQ(shop.run({"upgrade", "billing@head"}).exit_code, 0);
  EXPECT_THAT(shop.run({"history", "-i"}).out, HasSubstr("b100 -> b200 (billing) (head) (current), Make b200\n"));
  EXPECT_THAT(shop.run({"history"}).out, Not(HasSubstr("(current)")));
}

TEST(History, TakesARange) {
  Shop shop;
  EXPECT_EQ(shop.run({"history", "-r", "b100:"}).out,
            "b100 -> b200 (billing) (head), Make b200\n<base> (a100) -> b100 (billing), Make b100\n");
  EXPECT_EQ(shop.run({"history", "--rev-range=:a200"}).out,
            "a100 -> a200 (core) (head), Make a200\n<base> -> a100 (core), Make a100\n");
  ASSERT_EQ(shop.run({"upgrade", "core@head"}).exit_code, 0);
  EXPECT_EQ(shop.run({"history", "-r", "-1:current"}).out,
            "a100 -> a200 (core) (head), Make a200\n<base> -> a100 (core), Make a100\n");
  EXPECT_EQ(shop.run({"history", "-r", "current:"}).out, "a100 -> a200 (core) (head), Make a200\n");
  fails_with(shop, 64, {"history", "-r", "a200"}, "'a200' is not a range");
  fails_with(shop, 64, {"history", "-r", "b100:a200"}, "a200 does not build on b100");
  fails_with(shop, 64, {"history", "-r", "a201:"}, "did you mean a200");
}

TEST(History, ARangeWithoutCurrentNeedsNoDatabase) {
  Shop shop;
  shop.set("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none");
  EXPECT_EQ(shop.run({"history", "-r", ":a100"}).exit_code, 0);
  EXPECT_EQ(shop.run({"history", "-r", ":current", "--wait-timeout", "0"}).exit_code, 69);
}

TEST(History, InFullHasABlockForEachRevision) {
  Shop shop;
  EXPECT_EQ(shop.run({"history", "-v", "-r", "b100:b100"}).out,
            "Rev: b100\nParent: <base>\nAlso depends on: a100\nBranch names: billing\nPath: migrations/b100.sql\n\n"
            "    Make b100\n\n");
}

TEST(History, TellsProgramsTheSame) {
  Shop shop;
  ASSERT_EQ(shop.run({"upgrade", "b100"}).exit_code, 0);
  const json all = parsed(shop.run({"history", "-i", "--format", "json"}));
  ASSERT_EQ(all.size(), 4U);
  const json expected = {
      {"revision", "b100"},      {"revises", json::array()}, {"depends_on", {"a100"}}, {"branch_labels", {"billing"}},
      {"branches", {"billing"}}, {"message", "Make b100"},   {"created", ""},          {"file", "migrations/b100.sql"},
      {"head", false},           {"branch_point", false},    {"merge", false},         {"current", true},
      {"applied", true}};
  EXPECT_EQ(all.at(1), expected);
  EXPECT_EQ(all.at(3).at("current"), false);
  EXPECT_EQ(all.at(3).at("applied"), true);
}

TEST(Current, ShowsTheRowsAndNeverWrites) {
  Project project;
  project.write_two_revisions();
  EXPECT_EQ(project.run({"current"}).out, "");
  EXPECT_EQ(project.database().value("SELECT to_regclass('alembic_version') IS NULL"), "t");
  project.run({"upgrade", "001"});
  EXPECT_EQ(project.run({"current"}).out, "001\n");
  project.run({"upgrade"});
  EXPECT_EQ(project.run({"current"}).out, "002 (head)\n");
  const auto json = json::parse(project.run({"current", "--format", "json"}).out);
  EXPECT_EQ(json.at("current").at(0).at("revision"), "002");
  EXPECT_EQ(json.at("pending"), 0);
}

TEST(Current, ListsTheTipsOfWhatIsAppliedAsAlembicDoes) {
  Shop shop;
  EXPECT_THAT(shop.run({"current"}).out, IsEmpty());
  ASSERT_EQ(shop.run({"upgrade", "b100"}).exit_code, 0);
  // a100 has no row: b100 implies it.
  EXPECT_EQ(shop.run({"current"}).out, "a100\nb100\n");
  ASSERT_EQ(shop.run({"upgrade"}).exit_code, 0);
  EXPECT_EQ(shop.run({"current"}).out, "a200 (head)\nb200 (head)\n");
  const json current = parsed(shop.run({"current", "--format", "json"}));
  EXPECT_EQ(current.at("tips"), json::parse(R"(["a200", "b200"])"));
  EXPECT_EQ(current.at("at_heads"), true);
}

TEST(Current, InFullSaysWhichDatabaseWithoutItsPassword) {
  Shop shop;
  ASSERT_EQ(shop.run({"upgrade", "a100"}).exit_code, 0);
  const Finished current = shop.run({"current", "-v"});
  EXPECT_THAT(current.out, HasSubstr("Current revision(s) for postgresql://postgres:***@"));
  EXPECT_THAT(current.out, HasSubstr("Rev: a100\nParent: <base>\nBranch names: core\n"));
  EXPECT_THAT(current.out, Not(HasSubstr(std::string{Postgres::password})));
}

TEST(Current, CheckHeadsIsAQuestionWithAnAnswer) {
  Shop shop;
  fails_with(shop, 1, {"current", "--check-heads"}, "is at base, but the heads of the folder are a200, b200");
  ASSERT_EQ(shop.run({"upgrade", "a200"}).exit_code, 0);
  fails_with(shop, 1, {"current", "--check-heads"}, "is at a200");
  ASSERT_EQ(shop.run({"upgrade"}).exit_code, 0);
  EXPECT_EQ(shop.run({"current", "--check-heads"}).exit_code, 0);
  write_revision(shop, "c100", "revises: b200\ndepends-on: a200");
  ASSERT_EQ(shop.run({"upgrade"}).exit_code, 0);
  ASSERT_THAT(shop.heads(), testing::ElementsAre("c100"));
  EXPECT_EQ(shop.run({"current", "--check-heads"}).exit_code, 0) << "a head that something depends on has no row";
}

TEST(HeadsCommand, ListsThemWithTheirLabels) {
  Shop shop;
  EXPECT_EQ(shop.run({"heads"}).out, "a200 (core) (head)\nb200 (billing) (head)\n");
  write_revision(shop, "c100", "revises: b200\ndepends-on: a200");
  EXPECT_EQ(shop.run({"heads"}).out, "a200 (core) (effective head)\nc100 (billing) (head)\n");
  EXPECT_EQ(shop.run({"heads", "--resolve-dependencies"}).out, "c100 (billing) (head)\n");
  EXPECT_THAT(shop.run({"heads", "-v"}).out, HasSubstr("Rev: c100 (head)\nParent: b200\nAlso depends on: a200\n"));
  const json heads = parsed(shop.run({"heads", "--format", "json"}));
  EXPECT_EQ(heads.at(0).at("revision"), "a200");
  EXPECT_EQ(heads.at(0).at("head"), false);
  EXPECT_EQ(heads.at(1).at("branches"), json::parse(R"(["billing"])"));
}

TEST(Branches, ShowWhereTheLineForks) {
  Shop shop;
  EXPECT_THAT(shop.run({"branches"}).out, IsEmpty());
  write_revision(shop, "a250", "revises: a100");
  EXPECT_EQ(shop.run({"branches"}).out,
            "a100 (core) (branchpoint)\n     -> a200 (core) (head)\n     -> a250 (core) (head)\n\n");
  EXPECT_EQ(shop.run({"branches", "-v"}).out,
            "Rev: a100 (branchpoint)\nParent: <base>\nBranches into: a200, a250\nBranch names: core\n"
            "Path: migrations/a100.sql\n\n    Make a100\n\n"
            "     -> a200 (core) (head), Make a200\n     -> a250 (core) (head), Make a250\n\n");
  const json branches = parsed(shop.run({"branches", "--format", "json"}));
  EXPECT_EQ(branches.at(0).at("branches_into"), json::parse(R"(["a200", "a250"])"));
}

TEST(Show, HasAlembicsBlock) {
  Shop shop;
  shop.merge();
  EXPECT_EQ(shop.run({"show", "head"}).out,
            "Rev: c100 (head) (mergepoint)\nMerges: a200, b200\nBranch names: billing, core\n"
            "Path: migrations/c100.sql\n\n    Make c100\n\n");
  const json shown = parsed(shop.run({"show", "billing", "a100", "b100", "--format", "json"}));
  ASSERT_EQ(shown.size(), 2U) << "a revision that is named twice is shown once";
  EXPECT_EQ(shown.at(0).at("revision"), "b100");
  EXPECT_EQ(shown.at(1).at("revision"), "a100");
}

TEST(Show, TakesEverySelector) {
  Shop shop;
  const auto shows = [&](const std::vector<std::string>& selectors, const std::string& id) {
    std::vector<std::string> arguments{"show"};
    arguments.insert(arguments.end(), selectors.begin(), selectors.end());
    const Finished finished = shop.run(arguments);
    EXPECT_THAT(finished.out, HasSubstr("Rev: " + id)) << finished.err;
  };
  shows({"core@head"}, "a200");
  shows({"a200-1"}, "a100");
  shows({"b100+1"}, "b200");
  shows({"billing@-1"}, "b100");
  ASSERT_EQ(shop.run({"upgrade", "a100"}).exit_code, 0);
  shows({"current"}, "a100");
  shop.merge();
  fails_with(shop, 64, {"show", "-1"}, "several ways down from the merge c100");
  fails_with(shop, 64, {"show", "base"}, "'base' names no revision");
  fails_with(shop, 64, {"show", "c200"}, "did you mean a200, b200 or c100?");
  fails_with(shop, 64, {"show"}, "REVISION");
}

}  // namespace
}  // namespace slipway::fixture
