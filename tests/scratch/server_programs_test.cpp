#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <unistd.h>

#include "fixture/postgres.h"
#include "scratch/owned_server.h"

// What a machine has for a scratch server: which PostgreSQL is taken, and what is said where there is none or no place
// for it.

namespace slipway {
namespace {

namespace fs = std::filesystem;
using fixture::Finished;
using fixture::Program;
using fixture::TempFolder;
using testing::HasSubstr;
using testing::StartsWith;

TEST_F(ScratchServerTest, SaysWhatIsMissingWithoutPostgres) {
  path_ = "/nonexistent";
  const Finished finished = owner({"return"}, "scratch:", "/nonexistent").wait();
  EXPECT_EQ(finished.exit_code, 78);
  EXPECT_THAT(finished.err,
              HasSubstr("needs PostgreSQL's server programs, but there are none in /nonexistent/*/bin or"));
  EXPECT_THAT(finished.err, HasSubstr("apt-get install postgresql"));
}

TEST_F(ScratchServerTest, TakesTheNewestVersionThatIsComplete) {
  TempFolder versions;
  fs::permissions(versions.path(), fs::perms{0755});
  for (const char* incomplete : {"8", "99"})
    fs::create_directories(versions.path() / incomplete / "bin");
  fs::create_symlink(fixture::server_programs().parent_path(), versions.path() / "9");
  fs::create_symlink(fixture::server_programs().parent_path(), versions.path() / "10");
  Program program = owner({"stay"}, "scratch:", versions.path());
  url_of(program);
  EXPECT_THAT(fixture::read_file("/proc/" + std::to_string(server()) + "/cmdline"),
              StartsWith((versions.path() / "10/bin/postgres").string()));
}

TEST_F(ScratchServerTest, FindsProgramsInPath) {
  path_ = "/nonexistent:" + fixture::server_programs().string() + ":/usr/bin:/bin";
  const Finished finished = owner({"return"}, "scratch:", "/nonexistent").wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
}

TEST_F(ScratchServerTest, SaysWhichFolderCantBeWritten) {
  if (::geteuid() != 0) GTEST_SKIP() << "root alone can make a folder that the server's user can't enter";
  fs::permissions(temporary_.path(), fs::perms{0700});
  const Finished finished = owner({"return"}).wait();
  EXPECT_EQ(finished.exit_code, 78);
  EXPECT_THAT(finished.err, HasSubstr("can't create the scratch server's folder " + temporary_.path().string()));
  EXPECT_THAT(finished.err, HasSubstr("TMPDIR"));
}

}  // namespace
}  // namespace slipway
