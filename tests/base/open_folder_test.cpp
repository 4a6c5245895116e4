#include "base/open_folder.h"

#include <cerrno>
#include <functional>
#include <iterator>
#include <system_error>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture/temp_folder.h"

// Invariant: nothing outside of the folder is opened, written or given away.

namespace slipway {
namespace {

namespace fs = std::filesystem;
using fixture::read_file;
using fixture::TempFolder;

int reason(const std::function<void()>& work) {
  try {
    work();
  } catch (const std::system_error& error) {
    return error.code().value();
  }
  return 0;
}

struct stat status_of(const fs::path& file) {
  struct stat status {};
  EXPECT_EQ(::lstat(file.c_str(), &status), 0);
  return status;
}

class OpenFolderTest : public testing::Test {
 protected:
  fs::path path(const std::string& name) const { return temporary_.path() / name; }
  std::ptrdiff_t count() const { return std::distance(fs::directory_iterator{temporary_.path()}, {}); }

  TempFolder temporary_;
  TempFolder elsewhere_;
  fs::path victim_ = elsewhere_.write("victim", "untouched");
  OpenFolder folder_{temporary_.path()};
};

TEST_F(OpenFolderTest, MakesAFileWithTheModeThatTheUmaskLeaves) {
  const mode_t before = ::umask(027);
  folder_.create("new", "text", {});
  ::umask(before);
  EXPECT_EQ(read_file(path("new")), "text");
  EXPECT_EQ(status_of(path("new")).st_mode & 07777U, 0640U);
  EXPECT_EQ(count(), 1);
}

TEST_F(OpenFolderTest, NeverMakesAFileWhereSomethingIs) {
  temporary_.write("file", "text");
  fs::create_symlink(victim_, path("link"));
  fs::create_symlink(elsewhere_.path() / "not there", path("dangling"));
  for (const char* name : {"file", "link", "dangling"})
    EXPECT_EQ(reason([&] { folder_.create(name, "other", {}); }), EEXIST) << name;
  EXPECT_EQ(read_file(path("file")), "text");
  EXPECT_EQ(read_file(victim_), "untouched");
  EXPECT_FALSE(fs::exists(elsewhere_.path() / "not there"));
}

TEST_F(OpenFolderTest, ReplacesAFileWithExactlyThatMode) {
  temporary_.write("file", "text");
  const mode_t before = ::umask(077);
  folder_.replace("file", "other", {.mode = 0644});
  ::umask(before);
  EXPECT_EQ(read_file(path("file")), "other");
  EXPECT_EQ(status_of(path("file")).st_mode & 07777U, 0644U);
  EXPECT_EQ(count(), 1);
}

TEST_F(OpenFolderTest, ReplacesALinkAndNotWhatItLeadsTo) {
  fs::create_symlink(victim_, path("file"));
  folder_.replace("file", "other", {});
  EXPECT_EQ(read_file(path("file")), "other");
  EXPECT_FALSE(fs::is_symlink(path("file")));
  EXPECT_EQ(read_file(victim_), "untouched");
}

TEST_F(OpenFolderTest, LeavesNothingWhereItFails) {
  fs::create_directory(path("folder"));
  EXPECT_EQ(reason([&] { folder_.replace("folder", "text", {}); }), EISDIR);
  EXPECT_EQ(reason([&] { folder_.create("not there/file", "text", {}); }), ENOENT);
  EXPECT_EQ(count(), 1);
}

TEST_F(OpenFolderTest, TakesTheLongestName) {
  const std::string longest(255, 'x');
  folder_.replace(longest, "text", {});
  EXPECT_EQ(read_file(path(longest)), "text");
}

TEST_F(OpenFolderTest, WritesToTheFolderItHasOpened) {
  const fs::path moved = elsewhere_.path() / "moved";
  fs::create_directory(path("place"));
  const OpenFolder folder{path("place")};
  fs::rename(path("place"), moved);
  fs::create_directory_symlink("/nonexistent", path("place"));
  folder.create("file", "text", {});
  folder.replace("file", "other", {});
  EXPECT_EQ(read_file(moved / "file"), "other");
}

TEST_F(OpenFolderTest, ReadsARegularFileAlone) {
  const std::string text(100'000, 'x');
  temporary_.write("file", text);
  fs::permissions(path("file"), fs::perms{0640});
  const FileContent content = folder_.read("file");
  EXPECT_EQ(content.text, text);
  EXPECT_EQ(content.mode, 0640U);
  EXPECT_EQ(content.owner.uid, ::geteuid());

  fs::create_symlink(victim_, path("link"));
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(reason([&] { folder_.read("link"); }), ELOOP);
  EXPECT_EQ(reason([&] { folder_.read("pipe"); }), EINVAL);
  EXPECT_EQ(reason([&] { folder_.read("none"); }), ENOENT);
}

TEST_F(OpenFolderTest, GivesFilesAwayAsRoot) {
  if (::geteuid() != 0) GTEST_SKIP() << "root alone can give a file away";
  folder_.create("new", "text", {.mode = 0666, .owner = FileOwner{1234, 5678}});
  folder_.replace("replaced", "text", {.mode = 0600, .owner = FileOwner{1234, 5678}});
  for (const char* name : {"new", "replaced"}) {
    EXPECT_EQ(status_of(path(name)).st_uid, 1234U);
    EXPECT_EQ(status_of(path(name)).st_gid, 5678U);
  }
}

TEST_F(OpenFolderTest, IsTheWorkingDirectoryWithoutAPath) {
  const fs::path before = fs::current_path();
  fs::current_path(temporary_.path());
  const OpenFolder here{""};
  fs::current_path(before);
  here.create("file", "text", {});
  EXPECT_EQ(read_file(path("file")), "text");
}

TEST_F(OpenFolderTest, ThatIsNotThereCanNotBeOpened) {
  EXPECT_EQ(reason([&] { const OpenFolder none{path("none")}; }), ENOENT);
  temporary_.write("file", "");
  EXPECT_EQ(reason([&] { const OpenFolder file{path("file")}; }), ENOTDIR);
}

}  // namespace
}  // namespace slipway
