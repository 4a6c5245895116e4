#include "scratch/scratch_server.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <pqxx/pqxx>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "fixture/postgres.h"
#include "fixture/program.h"
#include "fixture/temp_folder.h"

// Real servers, owned by a program that ends in every way there is. The invariant: once the owner has ended, no process
// of its server is left and nothing stands in the temporary folder.

namespace slipway {
namespace {

namespace fs = std::filesystem;
using fixture::Finished;
using fixture::Program;
using fixture::TempFolder;
using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;

// A folder of versions, as Debian's /usr/lib/postgresql, with the one that the tests run on.
const std::string& installed() {
  static const TempFolder folder;
  static const std::string path = [] {
    const std::string version = fixture::run(fixture::server_programs() / "postgres", {"--version"}).out;
    fs::create_directory_symlink(fixture::server_programs().parent_path(),
                                 folder.path() / std::to_string(std::stoi(version.substr(version.find(") ") + 2))));
    return folder.path().string();
  }();
  return path;
}

bool comes_true(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

// The processes whose command line or open files name the folder, or that run in it.
std::vector<std::string> processes_of(const fs::path& folder) {
  std::vector<std::string> found;
  for (const auto& process : fs::directory_iterator{"/proc"}) {
    if (process.path().filename().string().find_first_not_of("0123456789") != std::string::npos) continue;
    std::error_code none;
    const std::string command = fixture::read_file(process.path() / "cmdline");
    const fs::path current = fs::read_symlink(process.path() / "cwd", none);
    if (command.find(folder.native() + "/") != std::string::npos || current.native().starts_with(folder.native() + "/"))
      found.push_back(process.path().filename().string() + " " + command);
  }
  return found;
}

class ScratchServerTest : public testing::Test {
 protected:
  // The server's user must get to the temporary folder, and write to it.
  ScratchServerTest() { fs::permissions(temporary_.path(), fs::perms::all | fs::perms::sticky_bit); }

  Program owner(const std::vector<std::string>& command,
                const std::string& url = "scratch:", const std::string& versions = installed()) {
    std::vector<std::string> arguments{url, versions};
    arguments.insert(arguments.end(), command.begin(), command.end());
    return Program{SCRATCH_OWNER, arguments, {.environment = environment(), .folder = {}, .blocked_signals = {}}};
  }

  std::map<std::string, std::string> environment() const {
    std::map<std::string, std::string> variables{{"TMPDIR", temporary_.path().string()}, {"PGPORT", "1"}};
    if (path_) variables["PATH"] = *path_;
    return variables;
  }

  static std::string url_of(Program& program) {
    if (!program.wait_for_out("\n", 60s)) throw std::runtime_error{"no server: " + program.err()};
    const std::string text = program.out();
    return text.substr(0, text.find('\n'));
  }

  std::vector<std::string> left() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator{temporary_.path()}) {
      const std::string name = entry.path().filename().string();
      // ThreadSanitizer's own, of a program that was killed while it started.
      if (!name.starts_with("tsan.rodata.")) names.push_back(name);
    }
    return names;
  }

  void expect_nothing_left() const {
    EXPECT_TRUE(comes_true([&] { return left().empty(); })) << testing::PrintToString(left());
    EXPECT_TRUE(comes_true([&] { return processes_of(temporary_.path()).empty(); }))
        << testing::PrintToString(processes_of(temporary_.path()));
  }

  // Of the one folder in the temporary folder.
  fs::path folder() const { return temporary_.path() / left().at(0); }

  static std::string ask(const std::string& url, const std::string& query) {
    pqxx::connection connection{url};
    return pqxx::nontransaction{connection}.exec1(query)[0].c_str();
  }

  static void tell(const std::string& url, const std::string& statement) {
    pqxx::connection connection{url};
    pqxx::nontransaction{connection}.exec(statement);
  }

  // The keeper is the parent of the server, whose process id is the first line of postmaster.pid.
  pid_t server() const { return std::stoi(fixture::read_file(folder() / "data" / "postmaster.pid")); }
  static pid_t parent_of(pid_t process) {
    const std::string status = fixture::read_file("/proc/" + std::to_string(process) + "/status");
    return std::stoi(status.substr(status.find("PPid:") + 5));
  }

  TempFolder temporary_;
  std::optional<std::string> path_;
};

TEST_F(ScratchServerTest, IsPrivate) {
  Program program = owner({"exec", "/bin/sleep", "600"});
  const std::string url = url_of(program);
  EXPECT_THAT(url, StartsWith("postgresql://scratch:"));
  EXPECT_EQ(ask(url, "SELECT current_database() || ' ' || current_user"), "scratch scratch");
  EXPECT_EQ(ask(url, "SHOW server_encoding"), "UTF8");
  EXPECT_EQ(ask(url, "SHOW fsync"), "off");

  // A socket alone, and nobody gets in without the password.
  EXPECT_EQ(ask(url, "SHOW listen_addresses"), "");
  EXPECT_EQ(ask(url, "SELECT inet_server_addr() IS NULL"), "t");
  EXPECT_THROW(pqxx::connection("host=" + folder().string() + " port=5432 user=scratch dbname=scratch password=x"),
               pqxx::broken_connection);

  // Not run by root.
  struct stat status {};
  ASSERT_EQ(::stat(("/proc/" + std::to_string(server())).c_str(), &status), 0);
  EXPECT_NE(status.st_uid, 0U);
  ASSERT_EQ(::stat(folder().c_str(), &status), 0);
  EXPECT_NE(status.st_uid, 0U);
  EXPECT_EQ(status.st_mode & 0777U, ::geteuid() == 0 ? 0711U : 0700U);

  // It has nothing of its owner's environment, and does not hold its output open: a reader of that would wait.
  EXPECT_THAT(fixture::read_file("/proc/" + std::to_string(server()) + "/environ"), testing::Not(HasSubstr("PGPORT")));
  for (const pid_t process : {server(), parent_of(server())}) {
    for (const auto& entry : fs::directory_iterator{"/proc/" + std::to_string(process) + "/fd"}) {
      std::error_code none;
      const fs::path file = fs::read_symlink(entry.path(), none);
      EXPECT_NE(file.filename(), "out") << process;
      EXPECT_NE(file.filename(), "err") << process;
    }
  }
}

TEST_F(ScratchServerTest, IsGoneWhenItsOwnerEnds) {
  Program program = owner({"return"});
  EXPECT_EQ(program.wait().exit_code, 0) << program.err();
  // At once: the owner waits for it.
  EXPECT_TRUE(left().empty());
  EXPECT_TRUE(processes_of(temporary_.path()).empty());
}

TEST_F(ScratchServerTest, IsGoneWhenItsOwnerIsKilled) {
  Program program = owner({"stay"});
  url_of(program);
  program.signal(SIGKILL);
  program.wait();
  expect_nothing_left();
}

TEST_F(ScratchServerTest, IsGoneWhenItsOwnerIsKilledWhileAStatementRuns) {
  Program program = owner({"stay"});
  const std::string url = url_of(program);
  // Without libpqxx, which leaks the result where its connection breaks.
  std::thread busy{[&] {
    const std::unique_ptr<PGconn, decltype(&PQfinish)> connection{PQconnectdb(url.c_str()), &PQfinish};
    const std::unique_ptr<PGresult, decltype(&PQclear)> result{
        PQexec(connection.get(), "SELECT count(*) FROM generate_series(1, 100000000000)"), &PQclear};
    EXPECT_NE(PQresultStatus(result.get()), PGRES_TUPLES_OK);
  }};
  EXPECT_TRUE(comes_true([&] {
    return ask(url_of(program),
               "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%series%'") == "2";
  }));
  program.signal(SIGKILL);
  busy.join();
  expect_nothing_left();
}

TEST_F(ScratchServerTest, StaysWhileItsOwnerIsAnotherProgramAndEndsWithIt) {
  Program program = owner({"exec", "/bin/sh", "-c", "echo became another; exec sleep 600"});
  const std::string url = url_of(program);
  ASSERT_TRUE(program.wait_for_out("became another"));
  EXPECT_EQ(ask(url, "SELECT 1"), "1");
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait().exit_code, 128 + SIGTERM);
  expect_nothing_left();
}

TEST_F(ScratchServerTest, HearsNoCtrlCButEndsBySigterm) {
  Program program = owner({"exec", "/bin/sleep", "600"});
  const std::string url = url_of(program);
  const pid_t keeper = parent_of(server());
  EXPECT_EQ(::getsid(keeper), keeper);
  ::kill(keeper, SIGINT);
  ::kill(keeper, SIGHUP);
  EXPECT_EQ(ask(url, "SELECT 1"), "1");
  ::kill(keeper, SIGTERM);
  expect_nothing_left();
  EXPECT_TRUE(program.is_running());
}

TEST_F(ScratchServerTest, ServerEndsWhenTheKeeperIsKilled) {
  Program program = owner({"exec", "/bin/sleep", "600"});
  url_of(program);
  const fs::path left_over = folder();
  ::kill(parent_of(server()), SIGKILL);
  EXPECT_TRUE(comes_true([&] { return processes_of(left_over).empty(); }));
}

TEST_F(ScratchServerTest, IsGoneWhenAStopSignalEndsTheStart) {
  Program program = owner({"stay"});
  ASSERT_TRUE(comes_true([&] { return !left().empty(); }));
  program.signal(SIGTERM);
  const Finished finished = program.wait();
  EXPECT_EQ(finished.exit_code, 128 + SIGTERM);
  EXPECT_TRUE(left().empty());
  EXPECT_TRUE(processes_of(temporary_.path()).empty());
}

TEST_F(ScratchServerTest, IsGoneWhenItsOwnerIsKilledDuringTheStart) {
  for (const auto delay : {0ms, 20ms, 200ms}) {
    Program program = owner({"stay"});
    std::this_thread::sleep_for(delay);
    program.signal(SIGKILL);
    program.wait();
    expect_nothing_left();
  }
}

// scratch:/path

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
  EXPECT_EQ(second.err, "78: a scratch server runs on " + home().string() +
                            " already | stop the slipway that uses it, or use another folder\n");
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
  EXPECT_THAT(finished.err, HasSubstr("can't write to " + home().string() + ": Permission denied | the user "));
}

// The machine

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
