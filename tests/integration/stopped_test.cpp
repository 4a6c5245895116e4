#include <chrono>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <signal.h>

#include "integration/project.h"

// What is left at the server by a slipway that was killed, and what is said of a revision whose COMMIT a signal met.

namespace slipway::fixture {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Killed : public testing::TestWithParam<std::string> {};

TEST_P(Killed, LeavesNoStatementRunningAtTheServer) {
  Project project;
  if (project.database().server().major_version() < 14) GTEST_SKIP() << "client_connection_check_interval came with 14";
  project.write("001_slow.sql", "CREATE TABLE t (i int);\nSELECT pg_sleep(60);", "SELECT 1;", GetParam());
  const auto upgrade = project.start({"upgrade"});
  project.wait_until(*upgrade, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
  upgrade->signal(SIGKILL);
  upgrade->wait();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  const std::string sessions =
      "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'slipway' AND datname = "
      "current_database()";
  while (project.database().value(sessions) != "0" && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  EXPECT_EQ(project.database().value(sessions), "0");
  EXPECT_EQ(project.database().value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "0");
}

INSTANTIATE_TEST_SUITE_P(Scripts, Killed, testing::Values("", "transaction:false"),
                         [](const auto& info) { return info.param.empty() ? "in_transaction" : "without"; });

// The wait for a standby that never comes is a COMMIT that can be met by a signal, and that PostgreSQL then has done.
class AwaitedStandby : public testing::Test {
 protected:
  ~AwaitedStandby() override { await(""); }

  void await(const std::string& standby) {
    pqxx::connection connection{server.own_url("postgres")};
    pqxx::nontransaction work{connection};
    work.exec("ALTER SYSTEM SET synchronous_standby_names = '" + standby + "'");
    work.exec("SELECT pg_reload_conf()");
    while (work.exec1("SHOW synchronous_standby_names")[0].as<std::string>() != standby)
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }

  Postgres server;
  Project project{server};
};

TEST_F(AwaitedStandby, ARevisionThatASignalMetAtItsCommitIsReportedAsTheLedgerHasIt) {
  project.write("001_t.sql", "CREATE TABLE t (i int);");
  project.write("002_u.sql", "CREATE TABLE u (i int);");
  await("nobody");
  const auto upgrade = project.start({"upgrade", "001"});
  EXPECT_TRUE(upgrade->wait_for_err("waits for a synchronous standby"));
  upgrade->signal(SIGTERM);
  const Finished finished = upgrade->wait();
  EXPECT_EQ(finished.exit_code, 128 + SIGTERM) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("applied 001"));
  EXPECT_THAT(project.heads(), ElementsAre("001"));
}

}  // namespace
}  // namespace slipway::fixture
