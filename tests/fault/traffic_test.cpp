#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/project.h"

// Live traffic on a table that a long reader holds and a migration wants to alter. Each query of pgbench(1) has a
// statement_timeout of 4 s, so that one that queues behind a waiting ALTER TABLE for long shows as a failure.

namespace slipway::fixture {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class Traffic : public testing::Test {
 protected:
  Traffic() {
    project.write("001_accounts.sql",
                  "CREATE TABLE accounts (id int PRIMARY KEY, balance int);\nINSERT INTO accounts SELECT i, 0 FROM "
                  "generate_series(1, 1000) i;");
    project.run({"upgrade"});
    project.write("002_alter.sql", "ALTER TABLE accounts ADD COLUMN more text;");
    const auto script = folder.write(
        "traffic.sql", "\\set id random(1, 1000)\nUPDATE accounts SET balance = balance + 1 WHERE id = :id;\n");
    const Postgres& server = project.database().server();
    traffic = std::make_unique<Program>(
        "/usr/bin/pgbench",
        std::vector<std::string>{"-n", "-c", "4", "-T", "12", "-f", script.string(), "-h",
                                 server.socket_folder().string(), "-p", std::to_string(server.port()), "-U", "postgres",
                                 project.database().name()},
        ProgramOptions{
            .environment = {{"PGOPTIONS", "-c statement_timeout=4s"}}, .folder = folder.path(), .blocked_signals = {}});
    while (project.database().value("SELECT bool_or(balance > 0) FROM accounts") != "t")
      std::this_thread::sleep_for(10ms);
    reader.exec("SELECT count(*) FROM accounts");
  }

  Project project;
  TempFolder folder;
  std::unique_ptr<pqxx::connection> connection = project.database().connect();
  pqxx::work reader{*connection};
  std::unique_ptr<Program> traffic;
};

TEST_F(Traffic, GoesOnWhileAMigrationWaitsForAReader) {
  const auto upgrade = project.start({"upgrade", "--lock-timeout", "200ms", "--lock-wait", "1min"});
  std::this_thread::sleep_for(7s);
  EXPECT_TRUE(upgrade->is_running());
  reader.commit();
  const Finished migrated = upgrade->wait();
  EXPECT_EQ(migrated.exit_code, 0) << migrated.err;
  EXPECT_THAT(migrated.err, HasSubstr("rolled back, trying again"));
  const Finished finished = traffic->wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
}

// What the test above is worth: this is how it goes without a lock_timeout.
TEST_F(Traffic, QueuesBehindAPlainAlterTable) {
  Program plain{"/usr/bin/psql",
                {"-X", "-d", project.database().url(), "-c", "ALTER TABLE accounts ADD COLUMN more text"}};
  std::this_thread::sleep_for(7s);
  reader.commit();
  EXPECT_EQ(plain.wait().exit_code, 0);
  const Finished finished = traffic->wait();
  EXPECT_NE(finished.exit_code, 0);
  EXPECT_THAT(finished.err, HasSubstr("canceling statement due to statement timeout"));
}

}  // namespace
}  // namespace slipway::fixture
