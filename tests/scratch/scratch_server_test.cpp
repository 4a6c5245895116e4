#include "scratch/scratch_server.h"

#include <memory>
#include <string>
#include <system_error>
#include <thread>

#include <gmock/gmock.h>
#include <libpq-fe.h>
#include <pqxx/pqxx>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scratch/owned_server.h"

// A server for one program, that ends in every way there is. The invariant: once the owner has ended, no process of its
// server is left and nothing stands in the temporary folder.

namespace slipway {
namespace {

namespace fs = std::filesystem;
using fixture::Finished;
using fixture::Program;
using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;

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

}  // namespace
}  // namespace slipway
