#include "revision/folder.h"

#include <array>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fixture/temp_folder.h"
#include "revision/refusal.h"

namespace slipway {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view empty_migration = "-- migrate:up\n";

class Folder : public testing::Test {
 protected:
  fs::path write(const fs::path& name, std::string_view text = empty_migration) { return folder_.write(name, text); }
  const fs::path& path() const { return folder_.path(); }
  std::vector<Revision> read() const { return read_folder({path()}); }
  Refusal refused() const {
    return refusal_of([&] { read(); });
  }
  std::vector<std::string> ids() const {
    std::vector<std::string> result;
    for (const Revision& revision : read())
      result.push_back(revision.id.str());
    return result;
  }

 private:
  fixture::TempFolder folder_;
};

TEST_F(Folder, WithoutRevisesTheOrderOfIdsIsTheChain) {
  write("9_c.sql");
  write("10_d.sql");
  write("001_a.sql");
  write("02_b.sql");
  const std::vector<Revision> revisions = read();
  ASSERT_EQ(revisions.size(), 4U);
  EXPECT_THAT(ids(), ElementsAre("001", "02", "9", "10"));
  EXPECT_THAT(revisions[0].revises, IsEmpty());
  EXPECT_THAT(revisions[1].revises, ElementsAre("001"));
  EXPECT_THAT(revisions[3].revises, ElementsAre("9"));
}

TEST_F(Folder, IdsThatAreNotAllNumbersAreInTheOrderOfTheirBytes) {
  write("b_1.sql");
  write("10_2.sql");
  write("9_3.sql");
  EXPECT_THAT(ids(), ElementsAre("10", "9", "b"));
}

TEST_F(Folder, TheSameNumberTwiceHasNoOrder) {
  write("1_a.sql");
  write("01_b.sql");
  EXPECT_THAT(refused().message, AllOf(HasSubstr("01_b.sql:1"), HasSubstr("1_a.sql:1"), HasSubstr("same number")));
}

TEST_F(Folder, RevisesAreKeptAsWritten) {
  write("1_a.sql", "-- revises:\n-- migrate:up\n");
  write("2_b.sql", "-- revises: nowhere\n-- migrate:up\n");
  EXPECT_THAT(read()[1].revises, ElementsAre("nowhere"));
}

TEST_F(Folder, AFileThatForgotItsRevisesIsRefused) {
  write("1_a.sql");
  write("2_b.sql", "-- note\n-- revises: 1\n-- migrate:up\n");
  EXPECT_THAT(refused().message, AllOf(HasSubstr("1_a.sql:1"), HasSubstr("2_b.sql:2")));
}

// As many as several threads share.
TEST_F(Folder, ThousandsOfFilesAreReadInTheirOrder) {
  std::vector<std::string> expected;
  for (int i = 1'001; i <= 3'000; ++i)
    write(expected.emplace_back(std::to_string(i)) + "_step.sql", "-- step " + std::to_string(i) + "\n-- migrate:up\n");
  EXPECT_EQ(ids(), expected);
  const std::vector<Revision> revisions = read();
  EXPECT_EQ(revisions.front().message, "step 1001");
  EXPECT_EQ(revisions.back().message, "step 3000");
}

TEST_F(Folder, OfThousandsOfFilesTheFirstBadOneIsTold) {
  for (int i = 1'001; i <= 3'000; ++i)
    write(std::to_string(i) + "_step.sql");
  write("2750_step.sql", "\xFF");
  write("1250_step.sql", "\xFF");
  write("2250_step.sql", "\xFF");
  EXPECT_THAT(refused().message, HasSubstr("1250_step.sql"));
}

TEST_F(Folder, ADuplicateIdNamesBothFiles) {
  write("1_a.sql");
  write("2_b.sql", "-- note\n-- revision: 1\n-- migrate:up\n");
  EXPECT_THAT(refused().message, AllOf(HasSubstr("1_a.sql:1"), HasSubstr("2_b.sql:2")));
}

TEST_F(Folder, PassesOverWhatIsNoMigration) {
  write("1_a.sql");
  for (const char* name :
       {".hidden.sql", ".#1_a.sql", ".1_a.sql.swp", "1_a.sql~", "#1_a.sql#", "1_a.sql.orig", "1_a.sql.rej",
        "1_a.sql.bak", "README.md", "1_a", "sql", "sub/2_b.sql", "folder.sql/3_c.sql"})
    write(name, "SELECT 'no migration';");
  EXPECT_THAT(ids(), ElementsAre("1"));
}

TEST_F(Folder, TheExtensionMayBeInCapitals) {
  write("1_a.SQL");
  EXPECT_THAT(ids(), ElementsAre("1"));
}

TEST_F(Folder, FollowsSymlinksToFilesAndFolders) {
  write("elsewhere/file", "-- linked\n-- migrate:up\n");
  fs::create_directory(path() / "m");
  fs::create_symlink("../elsewhere/file", path() / "m/1_a.sql");
  fs::create_directory_symlink("m", path() / "link");
  const std::vector<Revision> revisions = read_folder({path() / "link"});
  ASSERT_EQ(revisions.size(), 1U);
  EXPECT_EQ(revisions[0].message, "linked");
}

TEST_F(Folder, RefusesADanglingAndACircularSymlink) {
  fs::create_symlink("nowhere", path() / "1_a.sql");
  EXPECT_THAT(refused().message, HasSubstr("1_a.sql: the symbolic link is dangling"));
  fs::remove(path() / "1_a.sql");
  fs::create_symlink("2_b.sql", path() / "2_b.sql");
  EXPECT_THAT(refused().message, HasSubstr("2_b.sql: the symbolic link is dangling"));
}

TEST_F(Folder, RefusesAPipeWithoutWaitingForIt) {
  ASSERT_EQ(mkfifo((path() / "1_a.sql").c_str(), 0600), 0);
  EXPECT_THAT(refused().message, HasSubstr("1_a.sql: is not a regular file"));
}

TEST_F(Folder, RefusesADeviceBehindALink) {
  fs::create_symlink("/dev/zero", path() / "1_a.sql");
  EXPECT_THAT(refused().message, HasSubstr("is not a regular file"));
}

// Root may read everything until it gives up its capabilities.
void give_up_capabilities() {
  __user_cap_header_struct header{};
  header.version = _LINUX_CAPABILITY_VERSION_3;
  const std::array<__user_cap_data_struct, 2> none{};
  syscall(SYS_capset, &header, none.data());
}

// In a process of its own, as what was given up does not come back.
[[noreturn]] void read_unprivileged(const fs::path& folder) {
  give_up_capabilities();
  try {
    read_folder({folder});
  } catch (const Error& error) {
    std::cerr << error.message();
    _exit(static_cast<int>(error.exit_code()));
  }
  _exit(0);
}

TEST_F(Folder, RefusesAFileThatItMayNotRead) {
  fs::permissions(write("1_a.sql"), fs::perms::none);
  EXPECT_EXIT(read_unprivileged(path()), testing::ExitedWithCode(65), "1_a.sql: can't be opened: Permission denied");
}

TEST_F(Folder, RefusesAFolderThatItMayNotRead) {
  write("m/1_a.sql");
  fs::permissions(path() / "m", fs::perms::none);
  EXPECT_EXIT(read_unprivileged(path() / "m"), testing::ExitedWithCode(65), "can't be read: Permission denied");
  fs::permissions(path() / "m", fs::perms::owner_all);
}

TEST_F(Folder, RefusesANameThatIsNotUtf8) {
  write("1_caf\xE9.sql");
  EXPECT_THAT(refused().message, HasSubstr("1_caf\\xE9.sql: the file name is not UTF-8"));
}

TEST_F(Folder, RefusesANameWithAControlCharacter) {
  write("1_a\nb.sql");
  EXPECT_THAT(refused().message, HasSubstr("1_a\\x0Ab.sql"));
}

TEST_F(Folder, TakesAnyOtherNameInUtf8) {
  write("1_caf\xC3\xA9 (copy).sql");
  EXPECT_EQ(read()[0].message, "caf\xC3\xA9 (copy)");
}

TEST_F(Folder, LeavesAByteOrderMarkOut) {
  write("1_a.sql", "\xEF\xBB\xBF-- migrate:up\nSELECT 1;\n");
  EXPECT_EQ(read()[0].upgrade.sql, "SELECT 1;\n");
}

TEST_F(Folder, RefusesWhatIsNotUtf8NamingByteAndLine) {
  write("1_a.sql", "-- migrate:up\r\nSELECT '\xE9';\n");
  EXPECT_THAT(refused().message, AllOf(HasSubstr("1_a.sql:2: not UTF-8"), HasSubstr("byte 24"), HasSubstr("\\xE9")));
  write("1_a.sql", "\xEF\xBB\xBF\xFF");
  EXPECT_THAT(refused().message, AllOf(HasSubstr("1_a.sql:1"), HasSubstr("byte 4 of the file")));
  write("1_a.sql", std::string_view{"\xFF\xFE-\0-\0", 6});
  EXPECT_THAT(refused().message, HasSubstr("UTF-16"));
}

TEST_F(Folder, ReadsAFileLargerThanItsBuffer) {
  const std::string sql = std::string(200'000, '-') + "\n";
  write("1_a.sql", "-- migrate:up\n" + sql);
  EXPECT_EQ(read()[0].upgrade.sql, sql);
}

TEST_F(Folder, RefusesNul) {
  write("1_a.sql", std::string_view{"-- migrate:up\nSELECT 1;\0", 24});
  EXPECT_THAT(refused().message, AllOf(HasSubstr("1_a.sql:2"), HasSubstr("byte 24 is NUL")));
}

TEST_F(Folder, AnEmptyFolderHasNoRevisions) {
  EXPECT_THAT(read(), IsEmpty());
}

TEST_F(Folder, WithoutAMigrationIsRefusedWhereThatIsAskedFor) {
  const auto refusal = [&] { return refusal_of([&] { read_folder({path()}, EmptyFolder::refuse); }); };
  EXPECT_THAT(refusal().message, HasSubstr("the migrations folder is empty"));
  EXPECT_THAT(refusal().hint, HasSubstr("--allow-empty"));
  write("README.md");
  write(".hidden/1_a.sql");
  EXPECT_THAT(refusal().message, HasSubstr("no migrations (*.sql) in this folder, only other files"));
  write("20240101000000_init/migration.sql");
  EXPECT_THAT(refusal().message, HasSubstr("and subfolders such as 20240101000000_init are not searched"));
  write("1_a.sql");
  EXPECT_EQ(read_folder({path()}, EmptyFolder::refuse).size(), 1U);
  EXPECT_EQ(read_folder({path(), path() / ".hidden/.."}, EmptyFolder::refuse).size(), 1U) << "twice the same";
}

// One of several volumes was not mounted.
TEST_F(Folder, EachOfSeveralHasToHoldAMigration) {
  write("a/1_a.sql");
  fs::create_directory(path() / "b");
  EXPECT_THAT(refusal_of([&] {
                read_folder({path() / "a", path() / "b"}, EmptyFolder::refuse);
              }).message,
              HasSubstr("/b: the migrations folder is empty"));
}

TEST_F(Folder, AMissingFolderIsRefused) {
  const Refusal refusal = refusal_of([&] { read_folder({path() / "none"}); });
  EXPECT_THAT(refusal.message, HasSubstr("none: the migrations folder does not exist"));
}

TEST_F(Folder, AFileInPlaceOfAFolderIsRefused) {
  const fs::path file = write("1_a.sql");
  EXPECT_THAT(refusal_of([&] { read_folder({file}); }).message, HasSubstr("is not a folder"));
}

TEST_F(Folder, SeveralFoldersAreOne) {
  write("a/2_b.sql");
  write("b/1_a.sql");
  write("b/3_c.sql");
  const std::vector<Revision> revisions = read_folder({path() / "a", path() / "b", path() / "b/../a"});
  ASSERT_EQ(revisions.size(), 3U);
  EXPECT_EQ(revisions[1].id.str(), "2");
  EXPECT_THAT(revisions[2].revises, ElementsAre("2"));
}

}  // namespace
}  // namespace slipway
