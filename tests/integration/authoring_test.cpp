#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "integration/shop.h"

// The commands that write into the migrations folder, or open what is in it.

namespace slipway::fixture {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

class Authoring : public testing::Test {
 protected:
  void fails_with(int code, const std::vector<std::string>& arguments, const std::string& words) {
    const Finished finished = shop.run(arguments);
    EXPECT_EQ(finished.exit_code, code) << finished.err;
    EXPECT_THAT(finished.err, HasSubstr(words));
  }

  std::string done(const std::vector<std::string>& arguments) {
    const Finished finished = shop.run(arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    return finished.out;
  }

  std::string text_of(const std::string& file) const { return read_file(shop.folder() / file); }

  Shop shop;
};

TEST_F(Authoring, AMergeRevisesTheHeadsAndSplitsAgain) {
  done({"merge", "heads", "-m", "One line again", "--rev-id", "c100"});
  EXPECT_THAT(text_of("migrations/c100_one_line_again.sql"), HasSubstr("-- revises: a200, b200\n"));
  done({"upgrade", "head"});
  EXPECT_THAT(shop.heads(), ElementsAre("c100"));
  done({"downgrade", "a200"});
  EXPECT_THAT(shop.heads(), ElementsAre("a200", "b200"));
}

TEST_F(Authoring, AMergeHasAMessageWithoutBeingGivenOne) {
  EXPECT_THAT(done({"merge", "a200", "billing@head"}), HasSubstr("_merge_a200_and_b200.sql"));
  fails_with(64, {"merge", "heads"}, "nothing to merge");
}

TEST_F(Authoring, AMergeOfWhatIsNoHeadIsRefused) {
  fails_with(64, {"merge", "a100", "b200"}, "revision a100 is not a head: a200 already revises it");
  fails_with(64, {"merge", "a100", "a200"}, "a200 already builds on a100");
  fails_with(64, {"merge", "a200", "b300"}, "did you mean");
  fails_with(64, {"merge"}, "REVISION");
  done({"merge", "a100", "b200", "--splice"});
}

TEST_F(Authoring, CreateFollowsTheHeadThatIsNamed) {
  fails_with(65, {"create", "x"}, "there are several heads: a200, b200");
  fails_with(65, {"create", "x"}, "slipway merge heads");
  fails_with(65, {"create", "x"}, "slipway rebase b200 --onto a200");
  const std::string file = done({"create", "add carts", "--head", "core@head", "--rev-id", "a300"});
  EXPECT_EQ(file, "migrations/a300_add_carts.sql\n");
  EXPECT_THAT(text_of("migrations/a300_add_carts.sql"),
              HasSubstr("-- add carts\n-- revision: a300\n-- revises: a200\n"));
  fails_with(64, {"create", "x", "--head", "a100"}, "--splice");
  done({"create", "x", "--head", "a100", "--splice", "--rev-id", "a150"});
  EXPECT_THAT(text_of("migrations/a150_x.sql"), HasSubstr("-- revises: a100\n"));
}

TEST_F(Authoring, RevisionIsTheSameCommand) {
  done({"revision", "-m", "create stock", "--head", "base", "--branch-label", "stock", "--depends-on", "core",
        "--depends-on", "b100", "--rev-id", "s100"});
  EXPECT_THAT(text_of("migrations/s100_create_stock.sql"),
              HasSubstr("-- revision: s100\n-- revises:\n-- depends-on: core, b100\n-- branch-labels: stock\n"));
  done({"upgrade", "stock@head"});
  EXPECT_THAT(shop.heads(), ElementsAre("s100")) << "it implies what it depends on";
  const json written = json::parse(done({"revision", "-m", "y", "--head", "stock@head", "--format", "json"}));
  EXPECT_THAT(written.at("file"), HasSubstr("_y.sql"));
}

TEST_F(Authoring, MistakesWriteNothing) {
  const auto files = [&] {
    return std::distance(std::filesystem::directory_iterator{shop.folder() / "migrations"},
                         std::filesystem::directory_iterator{});
  };
  const auto before = files();
  fails_with(64, {"create"}, "MESSAGE is required");
  fails_with(64, {"create", "x", "-m", "y"}, "two messages");
  fails_with(64, {"create", "x", "--head", "base", "--rev-id", "a100"}, "'a100' is already the id of a revision");
  fails_with(64, {"create", "x", "--head", "base", "--branch-label", "core"},
             "is already a branch label of revision a100");
  fails_with(64, {"create", "x", "--head", "base", "--rev-id", "a-b"}, "contains '-'");
  fails_with(64, {"create", "x", "--head", "base", "--branch-label", "head"}, "is a reserved word");
  fails_with(64, {"create", "x", "--head", "base", "--depends-on", "c100"}, "did you mean");
  fails_with(64, {"create", "x", "--head", "base", "--location", "migration"}, "did you mean migrations?");
  EXPECT_EQ(files(), before);
}

TEST(AuthoringALine, OfIdsAloneGoesOnAtItsEnd) {
  Project project;
  project.write_two_revisions();
  const Finished base = project.run({"create", "x", "--head", "base"});
  EXPECT_EQ(base.exit_code, 64);
  EXPECT_THAT(base.err, HasSubstr("can only follow the last one, 002"));
  const Finished early = project.run({"create", "x", "--rev-id", "0015"});
  EXPECT_EQ(project.run({"create", "x", "--rev-id", "0"}).exit_code, 64);
  EXPECT_EQ(early.exit_code, 0) << "0015 is fifteen: " << early.err;
  EXPECT_EQ(project.run({"create", "y"}).out, "migrations/0016_y.sql\n");
}

TEST(AuthoringInSeveralFolders, PutsAFileBesideItsParent) {
  Project project;
  project.write_file("slipway.toml", "migrations = [\"core\", \"plugins/billing\"]\n");
  write_revision(project, "a100", "revises:\nbranch-labels: core", "core");
  const Finished first = project.run({"create", "invoices", "--head", "base", "--branch-label", "billing", "--rev-id",
                                      "b100", "--depends-on", "a100"});
  EXPECT_EQ(first.exit_code, 64);
  EXPECT_THAT(first.err, HasSubstr("several folders for a new base: core, plugins/billing"));
  const Finished placed = project.run({"create", "invoices", "--head", "base", "--branch-label", "billing", "--rev-id",
                                       "b100", "--depends-on", "a100", "--location", "plugins/billing"});
  EXPECT_EQ(placed.out, "plugins/billing/b100_invoices.sql\n") << placed.err;
  EXPECT_EQ(project.run({"create", "more", "--head", "billing@head", "--rev-id", "b200"}).out,
            "plugins/billing/b200_more.sql\n");
  EXPECT_EQ(project.run({"create", "more", "--head", "core@head", "--rev-id", "a200"}).out, "core/a200_more.sql\n");
  EXPECT_EQ(project.run({"heads"}).out, "a200 (core) (head)\nb200 (billing) (head)\n");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
  EXPECT_THAT(project.heads(), ElementsAre("a200", "b200"));
  EXPECT_EQ(project.run({"check", "--allow-multiple-heads"}).exit_code, 0);
  EXPECT_EQ(project.run({"downgrade", "billing@base"}).exit_code, 0);
  EXPECT_THAT(project.heads(), ElementsAre("a200"));
}

TEST_F(Authoring, EditOpensTheFilesInTheEditorThatIsSet) {
  fails_with(78, {"edit", "a100"}, "neither VISUAL nor EDITOR is set");
  shop.set("EDITOR", "printf 'editor %s\\n'");
  EXPECT_EQ(done({"edit", "core@head", "b100"}), "editor migrations/a200.sql\neditor migrations/b100.sql\n");
  shop.set("VISUAL", "printf 'visual %s\\n'");
  done({"upgrade", "b100"});
  EXPECT_EQ(done({"edit", "current"}), "visual migrations/b100.sql\n");
  shop.set("VISUAL", "exit 3 #");
  fails_with(3, {"edit", "b100"}, "");
  shop.set("VISUAL", "nosuch-editor --wait");
  fails_with(127, {"edit", "b100"}, "slipway: VISUAL names the program 'nosuch-editor', which was not found\n");
  fails_with(64, {"edit", "b101"}, "did you mean b100");
}

TEST_F(Authoring, RebaseChangesOneLineOfOneFile) {
  write_revision(shop, "a250", "revises: a100\nbranch-labels: late");
  const std::string before = text_of("migrations/a250.sql");
  EXPECT_EQ(done({"rebase", "late", "--onto", "core@a200", "--dry-run"}),
            "migrations/a250.sql: a250 would revise a200 instead of a100\n");
  EXPECT_EQ(text_of("migrations/a250.sql"), before);
  EXPECT_EQ(done({"rebase", "a250", "--onto", "a200"}), "migrations/a250.sql: a250 revises a200 instead of a100\n");
  std::string expected = before;
  expected.replace(expected.find("revises: a100"), 13, "revises: a200");
  EXPECT_EQ(text_of("migrations/a250.sql"), expected);
  EXPECT_THAT(shop.run({"rebase", "a250", "--onto", "a200"}).err, HasSubstr("nothing to do"));
  EXPECT_THAT(done({"history", "-r", "a250:"}), HasSubstr("a200 -> a250"));
}

// As in a container, where root works on files that a user has mounted.
TEST_F(Authoring, RebaseLeavesTheFileToItsOwner) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  write_revision(shop, "a250", "revises: a100");
  const std::string file = (shop.folder() / "migrations/a250.sql").string();
  ASSERT_EQ(::chown(file.c_str(), 65534, 65534), 0);
  ASSERT_EQ(::chmod(file.c_str(), 0640), 0);
  done({"rebase", "a250", "--onto", "a200"});
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 65534U);
  EXPECT_EQ(status.st_gid, 65534U);
  EXPECT_EQ(status.st_mode & 0777U, 0640U);
}

TEST_F(Authoring, RebaseTellsProgramsToo) {
  const json result = json::parse(done({"rebase", "a200", "--onto", "base", "--dry-run", "--format", "json"}));
  EXPECT_EQ(result, json::parse(R"({"revision": "a200", "file": "migrations/a200.sql", "before": ["a100"], "after": [],
                                    "changed": false})"));
}

TEST_F(Authoring, RebaseRefusesWhatWasApplied) {
  write_revision(shop, "a250", "revises: a100");
  done({"upgrade", "a250"});
  fails_with(65, {"rebase", "a250", "--onto", "a200"}, "revision a250 was applied to database");
  EXPECT_THAT(text_of("migrations/a250.sql"), HasSubstr("revises: a100"));
  done({"rebase", "a200", "--onto", "a250"});
  done({"upgrade", "core@head"});
  EXPECT_THAT(shop.heads(), ElementsAre("a200"));
}

TEST_F(Authoring, RebaseAsksNoDatabaseWhereNoneIsConfiguredOrWanted) {
  shop.set("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none");
  fails_with(69, {"rebase", "b100", "--onto", "a200", "--wait-timeout", "0"}, "127.0.0.1:1");
  done({"rebase", "b100", "--onto", "a200", "--offline"});
  shop.set("DATABASE_URL", "");
  done({"rebase", "b100", "--onto", "a100"});
}

TEST_F(Authoring, RebaseRefusesCirclesAndMerges) {
  fails_with(64, {"rebase", "a100", "--onto", "a200"}, "form a cycle");
  fails_with(64, {"rebase", "a100", "--onto", "b100"}, "b100 builds on a100");
  fails_with(64, {"rebase", "a100", "--onto", "a100"}, "can't revise itself");
  fails_with(64, {"rebase", "a200", "--onto", "heads"}, "several");
  fails_with(64, {"rebase", "a200"}, "--onto");
  shop.merge();
  fails_with(65, {"rebase", "c100", "--onto", "a200"}, "migrations/c100.sql:3: c100 is a merge of a200, b200");
}

}  // namespace
}  // namespace slipway::fixture
