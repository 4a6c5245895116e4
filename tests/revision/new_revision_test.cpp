#include "revision/new_revision.h"

#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error/error.h"
#include "fixture/temp_folder.h"
#include "revision/folder.h"
#include "revision/rewrite.h"

namespace slipway {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;

// 2026-01-02 03:04:05 UTC
constexpr std::chrono::system_clock::time_point new_year{std::chrono::seconds{1767323045}};

class Create : public testing::Test {
 protected:
  std::string create(const std::string& message, std::vector<RevisionId> parents = {}) {
    const NewRevision revision{.message = message, .parents = std::move(parents), .created = new_year};
    return write_new_revision(folder(), existing(), revision).filename();
  }
  std::vector<Revision> existing() const {
    return fs::exists(folder()) ? read_folder({folder()}) : std::vector<Revision>{};
  }
  void write(const std::string& name, const std::string& text = "-- migrate:up\n") { temp_.write("m/" + name, text); }
  fs::path folder() const { return temp_.path() / "m"; }
  ExitCode refused(const std::string& message) {
    try {
      create(message);
    } catch (const Error& error) {
      EXPECT_FALSE(error.hint().empty());
      return error.exit_code();
    }
    return ExitCode::success;
  }

 private:
  fixture::TempFolder temp_;
};

TEST_F(Create, TheFirstMakesTheFolder) {
  EXPECT_EQ(create("Add users"), "001_add_users.sql");
  EXPECT_EQ(fixture::read_file(folder() / "001_add_users.sql"),
            "-- Add users\n-- revision: 001\n-- revises:\n-- created: 2026-01-02T03:04:05Z\n"
            "-- migrate:up\n\n-- migrate:down\n\n");
}

// As in a container whose root writes into a folder that its user mounted.
TEST_F(Create, TheFileOfRootIsItsFoldersOwners) {
  if (::geteuid() != 0) GTEST_SKIP() << "not root";
  fs::create_directories(folder());
  ASSERT_EQ(::chown(folder().c_str(), 4711, 4712), 0);
  struct stat file {};
  ASSERT_EQ(::stat((folder() / create("Add users")).c_str(), &file), 0);
  EXPECT_EQ(file.st_uid, 4711U);
  EXPECT_EQ(file.st_gid, 4712U);
}

TEST_F(Create, FollowsItsParents) {
  create("a");
  EXPECT_EQ(create("b", {RevisionId{"001"}}), "002_b.sql");
  create("c", {RevisionId{"001"}});
  create("merge", {RevisionId{"002"}, RevisionId{"003"}});
  const auto revisions = existing();
  EXPECT_THAT(revisions[1].revises, ElementsAre("001"));
  EXPECT_THAT(revisions[3].revises, ElementsAre("002", "003"));
  EXPECT_EQ(revisions[3].message, "merge");
}

TEST_F(Create, KeepsTheWidthOfASequence) {
  write("0009_a.sql");
  EXPECT_EQ(create("b"), "0010_b.sql");
  write("9999_c.sql");
  EXPECT_EQ(create("d"), "10000_d.sql");
}

TEST_F(Create, WithoutRevisesInTheFolderTheNewOneHasNone) {
  write("1_a.sql");
  EXPECT_EQ(create("b", {RevisionId{"1"}}), "2_b.sql");
  EXPECT_THAT(fixture::read_file(folder() / "2_b.sql"), testing::Not(HasSubstr("revises")));
  EXPECT_THAT(existing()[1].revises, ElementsAre("1"));
}

TEST_F(Create, GoesOnWithTimestamps) {
  write("20250101000000_a.sql");
  EXPECT_EQ(create("b"), "20260102030405_b.sql");
  EXPECT_EQ(create("c"), "20260102030406_c.sql") << "in the same second";
}

TEST_F(Create, GoesOnWithHexadecimalIds) {
  write("1975ea83b712_a.sql", "-- revises:\n-- migrate:up\n");
  const std::string name = create("b", {RevisionId{"1975ea83b712"}});
  EXPECT_THAT(name, MatchesRegex("[0-9a-f]{12}_b.sql"));
  EXPECT_NE(create("b"), name);
}

TEST_F(Create, RefusesIdsWithoutAnOrder) {
  write("v1_a.sql");
  EXPECT_EQ(refused("b"), ExitCode::bad_migrations);
}

TEST_F(Create, NeverOverwrites) {
  create("a");
  const std::vector<Revision> none;
  EXPECT_THROW(write_new_revision(folder(), none, {.message = "a", .parents = {}}), Error);
  EXPECT_THAT(fixture::read_file(folder() / "001_a.sql"), HasSubstr("2026-01-02"));
}

TEST_F(Create, RefusesAMessageThatWouldNotBeReadBack) {
  for (const char* message :
       {"", " ", "two\nlines", "revises: 001", "Revison: x", "migrate:up", "!!!", "\xE9", "a\x1b[0m"})
    EXPECT_EQ(refused(message), ExitCode::usage) << message;
  EXPECT_THAT(existing(), IsEmpty());
}

TEST_F(Create, TakesAMessageOfAnyWords) {
  for (const char* message : {"Größe: ändern", "-- drop it", "日本語", "Fix #12 (again)"}) {
    create(message);
    EXPECT_EQ(existing().back().message, message);
  }
}

TEST_F(Create, WritesAllThatTheHeaderCanSay) {
  create("a");
  const fs::path file = write_new_revision(folder(), existing(),
                                           {.message = "b",
                                            .parents = {RevisionId{"001"}},
                                            .depends_on = {"core", "x1"},
                                            .branch_labels = {"billing"},
                                            .id = "b100",
                                            .created = new_year});
  EXPECT_EQ(file.filename(), "b100_b.sql");
  EXPECT_EQ(fixture::read_file(file),
            "-- b\n-- revision: b100\n-- revises: 001\n-- depends-on: core, x1\n-- branch-labels: billing\n"
            "-- created: 2026-01-02T03:04:05Z\n-- migrate:up\n\n-- migrate:down\n\n");
}

TEST_F(Create, RefusesNamesThatCannotBeUsed) {
  const auto refused_with = [&](const NewRevision& revision) {
    try {
      write_new_revision(folder(), {}, revision);
    } catch (const Error& error) {
      return error.exit_code();
    }
    return ExitCode::success;
  };
  EXPECT_EQ(refused_with({.message = "a", .parents = {}, .id = "a-b"}), ExitCode::usage);
  EXPECT_EQ(refused_with({.message = "a", .parents = {}, .id = std::string(256, 'a')}), ExitCode::usage);
  EXPECT_EQ(refused_with({.message = "a", .parents = {}, .branch_labels = {"heads"}}), ExitCode::usage);
}

TEST_F(Create, WithoutRevisesInTheFolderAnIdOfItsOwnHasToComeLast) {
  write("0009_a.sql");
  const auto with_id = [&](const std::string& id) {
    return write_new_revision(folder(), existing(), {.message = "b", .parents = {}, .id = id}).filename();
  };
  EXPECT_THROW(with_id("0008"), Error);
  EXPECT_THROW(with_id("abc"), Error);
  EXPECT_EQ(with_id("12"), "12_b.sql");
}

class Rewrite : public Create {
 protected:
  std::string rewritten(const std::string& text, const std::vector<RevisionId>& parents) {
    write("a.sql", text);
    rewrite_revises(existing().front(), parents);
    return fixture::read_file(folder() / "a.sql");
  }
};

TEST_F(Rewrite, ChangesTheOneLineAndNothingElse) {
  EXPECT_EQ(rewritten("-- a\n-- Revises:  x1 ,x2\r\n-- revision: a1\r\n-- migrate:up\n-- revises: x1\n",
                      {RevisionId{"y1"}, RevisionId{"y2"}}),
            "-- a\n-- Revises: y1, y2\r\n-- revision: a1\r\n-- migrate:up\n-- revises: x1\n");
  EXPECT_EQ(rewritten("-- revision: a1\n-- revises: x1\n-- migrate:up\n", {}),
            "-- revision: a1\n-- revises:\n-- migrate:up\n");
}

TEST_F(Rewrite, KeepsPermissionsAndSymlinks) {
  write("real", "-- revision: a1\n-- revises:\n-- migrate:up\n");
  fs::permissions(folder() / "real", fs::perms{0640});
  fs::create_symlink("real", folder() / "a.sql");
  rewrite_revises(existing().front(), {RevisionId{"y1"}});
  EXPECT_TRUE(fs::is_symlink(folder() / "a.sql"));
  EXPECT_EQ(fs::status(folder() / "real").permissions(), fs::perms{0640});
  EXPECT_EQ(fixture::read_file(folder() / "real"), "-- revision: a1\n-- revises: y1\n-- migrate:up\n");
  EXPECT_EQ(std::distance(fs::directory_iterator{folder()}, fs::directory_iterator{}), 2);
}

// The folder may be another user's, who guesses names.
TEST_F(Rewrite, WritesThroughNoLinkThatSomebodyHasPlanted) {
  const fixture::TempFolder elsewhere;
  const fs::path victim = elsewhere.write("victim", "untouched");
  write("a.sql", "-- revision: a1\n-- revises:\n-- migrate:up\n");
  const Revision read = existing().front();
  fs::create_symlink(victim, folder() / (".a.sql." + std::to_string(::getpid())));
  rewrite_revises(read, {RevisionId{"y1"}});
  EXPECT_EQ(fixture::read_file(victim), "untouched");
  EXPECT_FALSE(fs::is_symlink(folder() / "a.sql"));
  EXPECT_EQ(fixture::read_file(folder() / "a.sql"), "-- revision: a1\n-- revises: y1\n-- migrate:up\n");
}

TEST_F(Rewrite, LeavesTheFileToItsOwner) {
  if (::geteuid() != 0) GTEST_SKIP() << "root alone can give a file away";
  write("a.sql", "-- revision: a1\n-- revises:\n-- migrate:up\n");
  ASSERT_EQ(::chown((folder() / "a.sql").c_str(), 1234, 5678), 0);
  rewrite_revises(existing().front(), {RevisionId{"y1"}});
  struct stat status {};
  ASSERT_EQ(::stat((folder() / "a.sql").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 1234U);
  EXPECT_EQ(status.st_gid, 5678U);
}

TEST_F(Rewrite, RefusesAFileThatChangedMeanwhile) {
  write("a.sql", "-- revision: a1\n-- revises:\n-- migrate:up\n");
  const Revision read = existing().front();
  write("a.sql", "-- A message more\n-- revision: a1\n-- revises:\n-- migrate:up\n");
  EXPECT_THROW(rewrite_revises(read, {RevisionId{"y1"}}), Error);
}

TEST(Slug, IsTheWordsOfTheMessage) {
  EXPECT_EQ(slug("Add a foo-bar baz"), "add_a_foo_bar_baz");
  EXPECT_EQ(slug("  (drop) users!  "), "drop_users");
  EXPECT_EQ(slug("add foo bar baz a very long message about it"), "add_foo_bar_baz_a_very_long_message");
  EXPECT_EQ(slug(std::string(50, 'x')), std::string(40, 'x'));
  EXPECT_EQ(slug("x" + std::string("éééééééééééééééééééé")), "x" + std::string("ééééééééééééééééééé"));
}

}  // namespace
}  // namespace slipway
