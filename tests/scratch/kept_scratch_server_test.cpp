#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scratch/owned_server.h"

// scratch:/path: the data that a next start finds, whatever has ended the last one, and folders that are none of ours.

namespace slipway {
namespace {

namespace fs = std::filesystem;
using fixture::Finished;
using fixture::Program;
using fixture::TempFolder;
using testing::HasSubstr;
using testing::StartsWith;

class KeptScratchServerTest : public ScratchServerTest {
 protected:
  KeptScratchServerTest() { fs::permissions(place_.path(), fs::perms{0755}); }

  std::string kept() const { return "scratch:" + home().string(); }
  fs::path home() const { return place_.path() / "kept"; }

  TempFolder place_;
};

TEST_F(KeptScratchServerTest, KeepsItsDataAndItsPassword) {
  std::string first;
  {
    Program program = owner({"stay"}, kept());
    first = url_of(program);
    EXPECT_EQ(ask(first, "SHOW fsync"), "on");
    tell(first, "CREATE TABLE t AS SELECT 42 AS answer");
    program.signal(SIGTERM);
    program.wait();
    EXPECT_TRUE(left().empty());
  }
  Program program = owner({"stay"}, kept());
  const std::string second = url_of(program);
  EXPECT_EQ(second.substr(0, second.find('@')), first.substr(0, first.find('@')));
  EXPECT_EQ(ask(second, "SELECT answer FROM t"), "42");
}

TEST_F(KeptScratchServerTest, StartsAgainAfterEverythingWasKilled) {
  {
    Program program = owner({"stay"}, kept());
    tell(url_of(program), "CREATE TABLE t AS SELECT 42 AS answer");
    const pid_t server = std::stoi(fixture::read_file(home() / "data" / "postmaster.pid"));
    ::kill(parent_of(server), SIGKILL);
    ::kill(server, SIGKILL);
    program.signal(SIGKILL);
    program.wait();
    ASSERT_TRUE(comes_true([&] { return processes_of(place_.path()).empty(); }));
  }
  // As when containers restart: the number belongs to a process that is no server.
  fs::remove_all(folder());
  const std::string pid_file = fixture::read_file(home() / "data" / "postmaster.pid");
  place_.write("kept/data/postmaster.pid", std::to_string(::getpid()) + pid_file.substr(pid_file.find('\n')));
  Program program = owner({"stay"}, kept());
  EXPECT_EQ(ask(url_of(program), "SELECT answer FROM t"), "42");
}

TEST_F(KeptScratchServerTest, StartsAgainWhenInitdbWasCutOff) {
  {
    Program program = owner({"stay"}, kept());
    ASSERT_TRUE(comes_true([&] { return fs::exists(home() / "data.new" / "PG_VERSION"); }));
    program.signal(SIGKILL);
    program.wait();
    expect_nothing_left();
  }
  EXPECT_FALSE(fs::exists(home() / "data"));
  Program program = owner({"stay"}, kept());
  EXPECT_EQ(ask(url_of(program), "SELECT 1"), "1");
}

// Another user who may write to the folder gets neither the password nor a file of the server's user overwritten.
TEST_F(KeptScratchServerTest, WritesThroughNoLinkThatSomebodyHasPlanted) {
  const fs::path victim = place_.write("victim", "untouched");
  fs::permissions(victim, fs::perms{0666});
  fs::permissions(place_.write("kept/slipway.lock", ""), fs::perms{0666});
  for (const char* name : {"password", "log"})
    fs::create_symlink(victim, home() / name);
  {
    Program program = owner({"stay"}, kept());
    EXPECT_EQ(ask(url_of(program), "SELECT 1"), "1");
  }
  EXPECT_EQ(fixture::read_file(victim), "untouched");
}

TEST_F(KeptScratchServerTest, GivesNoFolderAwayThatALinkLeadsTo) {
  if (::geteuid() != 0) GTEST_SKIP() << "root alone gives folders away";
  const TempFolder victim;
  fs::create_directory_symlink(victim.path(), home());
  for (const char* end : {"", "/"}) {
    const Finished finished = owner({"return"}, kept() + end).wait();
    EXPECT_EQ(finished.exit_code, 78);
    EXPECT_THAT(finished.err, HasSubstr("it is a symbolic link | name the folder that it leads to"));
  }
  struct stat status {};
  ASSERT_EQ(::stat(victim.path().c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 0U);
}

TEST_F(KeptScratchServerTest, RunsOnceAtATime) {
  Program program = owner({"stay"}, kept());
  const std::string url = url_of(program);
  const Finished second = owner({"stay"}, kept()).wait();
  EXPECT_EQ(second.exit_code, 78);
  EXPECT_EQ(second.err, "78: a scratch server is already running on " + home().string() +
                            " | stop the slipway that uses it, or use another folder\n");
  EXPECT_EQ(ask(url, "SELECT 1"), "1");
}

TEST_F(KeptScratchServerTest, RefusesAFolderOfSomethingElse) {
  place_.write("kept/letter.txt", "Dear reader");
  const Finished finished = owner({"return"}, kept()).wait();
  EXPECT_EQ(finished.err,
            "78: " + home().string() +
                " contains something other than a scratch database | use a folder that is empty or does not exist\n");
  EXPECT_EQ(fixture::read_file(home() / "letter.txt"), "Dear reader");
}

TEST_F(KeptScratchServerTest, RefusesAFile) {
  place_.write("kept", "");
  const Finished finished = owner({"return"}, kept()).wait();
  EXPECT_EQ(finished.exit_code, 78);
  EXPECT_THAT(finished.err, HasSubstr("can't use " + home().string() + " for a scratch database: Not a directory"));
}

TEST_F(KeptScratchServerTest, RefusesDataOfAVersionThatIsNotInstalled) {
  place_.write("kept/slipway.lock", "");
  place_.write("kept/data/PG_VERSION", "9\n");
  const Finished finished = owner({"return"}, kept()).wait();
  EXPECT_EQ(finished.exit_code, 78);
  EXPECT_THAT(finished.err, HasSubstr("contains the data of PostgreSQL 9, which is not installed"));
  EXPECT_THAT(finished.err, HasSubstr("postgresql-9"));
}

TEST_F(KeptScratchServerTest, ShowsTheEndOfTheLogWhenTheServerDoesNotStart) {
  owner({"return"}, kept()).wait();
  place_.write("kept/data/postgresql.auto.conf", "no_such_setting = 1\n");
  const Finished finished = owner({"return"}, kept()).wait();
  EXPECT_EQ(finished.exit_code, 69);
  EXPECT_THAT(finished.err, StartsWith("69: the scratch server ended with exit code 1\n"));
  EXPECT_THAT(finished.err, HasSubstr("unrecognized configuration parameter \"no_such_setting\""));
  expect_nothing_left();
}

TEST_F(KeptScratchServerTest, SaysWhoMustGetIntoTheFolder) {
  if (::geteuid() != 0) GTEST_SKIP() << "root alone can make a folder that the server's user can't enter";
  fs::permissions(place_.path(), fs::perms{0700});
  const Finished finished = owner({"return"}, kept()).wait();
  EXPECT_EQ(finished.exit_code, 78);
  EXPECT_THAT(finished.err, HasSubstr("can't write to " + home().string() + ": Permission denied | give the user "));
}

}  // namespace
}  // namespace slipway
