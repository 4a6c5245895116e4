#include "integration/pooler.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "integration/project.h"

// Through a real PgBouncer in transaction mode, where each transaction may meet another server process.

namespace slipway::fixture {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Pooled : public testing::Test {
 protected:
  explicit Pooled(const std::string& mode = "transaction") : pooler{project.database().server(), mode} {
    project.set("DATABASE_URL", pooled_url());
  }
  std::string pooled_url() const { return pooler.url(project.database().name()); }

  Project project;
  Pooler pooler;
};

class PooledBySession : public Pooled {
 protected:
  PooledBySession() : Pooled{"session"} {}
};

// Whether a pooler keeps sessions, only its user knows.
TEST_F(PooledBySession, AScriptWithoutATransactionIsRightWhereThatIsPromised) {
  project.write_two_revisions();
  project.write("003_index.sql", "CREATE INDEX CONCURRENTLY one_id ON one (id);\nINSERT INTO audit VALUES ('003');",
                "SELECT 1;", "transaction:false");
  EXPECT_EQ(project.run({"upgrade", "--wait-timeout", "20s"}).exit_code, 78);
  project.set("DIRECT_URL", pooled_url());
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_THAT(project.database().rows("SELECT revision FROM audit ORDER BY 1"), ElementsAre("001", "002", "003"));
}

// The promise is looked after: between the statements another client takes the session that holds the lock.
TEST_F(Pooled, APromiseOfASessionThatDoesNotHoldIsFoundOut) {
  project.write_two_revisions();
  project.write("003_slow.sql", "DO $$ BEGIN PERFORM pg_sleep(2); END $$;\nINSERT INTO audit VALUES ('003');",
                "SELECT 1;", "transaction:false");
  project.set("DIRECT_URL", pooled_url());
  const auto upgrade = project.start({"upgrade", "--wait-timeout", "20s"});
  project.wait_until(*upgrade, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
  std::vector<std::unique_ptr<Program>> others;
  others.reserve(8);
  for (int i = 0; i < 8; ++i)
    others.push_back(std::make_unique<Program>(
        "/usr/bin/psql", std::vector<std::string>{"-X", "-d", pooled_url(), "-c", "SELECT pg_sleep(4)"}));
  const Finished finished = upgrade->wait();
  EXPECT_EQ(finished.exit_code, 78) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("spreads transactions over several sessions"));
  EXPECT_EQ(project.database().value("SELECT count(*) FROM audit WHERE revision = '003'"), "0");
  // It is given back, or named where another client has its backend.
  if (finished.err.find("holds slipway's lock") == std::string::npos) {
    EXPECT_EQ(project.database().value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "0");
  }
}

TEST_F(Pooled, ScriptsWithATransactionAreRight) {
  project.write_two_revisions();
  const Finished upgrade = project.run({"upgrade", "--wait-timeout", "20s"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err << pooler.err();
  EXPECT_THAT(project.heads(), ElementsAre("002"));
  EXPECT_EQ(project.run({"downgrade"}).exit_code, 0);
}

TEST_F(Pooled, ReplicasApplyEachRevisionOnce) {
  project.write_two_revisions();
  std::vector<std::unique_ptr<Program>> replicas;
  replicas.reserve(8);
  for (int i = 0; i < 8; ++i)
    replicas.push_back(project.start({"run", "--", "/bin/true"}));
  for (const auto& replica : replicas)
    EXPECT_EQ(replica->wait().exit_code, 0) << replica->err();
  EXPECT_THAT(project.database().rows("SELECT revision FROM audit ORDER BY 1"), ElementsAre("001", "002"));
}

TEST_F(Pooled, AScriptWithoutATransactionIsRefusedWithTheReason) {
  project.write("001_vacuum.sql", "VACUUM;", "SELECT 1;", "transaction:false");
  const Finished upgrade = project.run({"upgrade", "--wait-timeout", "20s"});
  EXPECT_EQ(upgrade.exit_code, 78);
  EXPECT_THAT(upgrade.err, HasSubstr("connection pooler"));
  EXPECT_THAT(upgrade.err, HasSubstr("--direct-url or DIRECT_URL"));
  EXPECT_EQ(project.database().value("SELECT to_regclass('alembic_version') IS NULL"), "t");
  EXPECT_EQ(project.database().value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "0");
}

// The next client of the pool may get the same connection.
TEST_F(Pooled, WhatAScriptSetsIsNotTheNextClients) {
  project.write("001_dump.sql",
                "SELECT pg_catalog.set_config('search_path', '', false);\nSET statement_timeout = '7s';\nCREATE TABLE "
                "public.t ();\nPREPARE mine AS SELECT 1;");
  const Finished upgrade = project.run({"upgrade", "--wait-timeout", "20s"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  const std::string question =
      "SELECT current_setting('search_path') || current_setting('statement_timeout') || (SELECT count(*) FROM "
      "pg_prepared_statements)";
  const Finished next = run("/usr/bin/psql", {"-X", "-A", "-t", "-d", pooled_url(), "-c", question});
  EXPECT_EQ(next.out, "\"$user\", public00\n") << next.err;
}

TEST_F(Pooled, AScriptWithoutATransactionGoesByTheDirectUrl) {
  project.write_two_revisions();
  project.write("003_vacuum.sql", "VACUUM one;\nINSERT INTO audit VALUES ('003');", "SELECT 1;", "transaction:false");
  project.write("004_four.sql", "INSERT INTO audit VALUES ('004');");
  project.set("DIRECT_URL", project.database().url());
  const Finished upgrade = project.run({"upgrade", "--wait-timeout", "20s"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_THAT(project.database().rows("SELECT revision FROM audit ORDER BY 1"),
              ElementsAre("001", "002", "003", "004"));
  EXPECT_EQ(project.run({"downgrade", "002"}).exit_code, 0);
  const Finished run = project.run({"run", "--no-migrate", "--", "/usr/bin/env"});
  EXPECT_THAT(run.out, testing::Not(HasSubstr("DIRECT_URL")));
}

TEST_F(Pooled, ADirectUrlOfAnotherDatabaseIsRefused) {
  project.write_two_revisions();
  project.run({"upgrade", "--wait-timeout", "20s"});
  project.write("003_vacuum.sql", "VACUUM one;", "SELECT 1;", "transaction:false");
  const Database another;
  project.set("DIRECT_URL", another.url());
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 78);
  EXPECT_THAT(upgrade.err, HasSubstr("the direct URL leads to another database"));
}

// Its ledger reads like this one's: none has been written in either.
TEST_F(Pooled, ADirectUrlOfADatabaseThatReadsAlikeIsRefusedBeforeItIsTouched) {
  project.write("001_one.sql", "CREATE TABLE one ();", "SELECT 1;", "transaction:false");
  const Database copy;
  project.set("DIRECT_URL", copy.url());
  const Finished launch = project.run({"run", "--wait-timeout", "20s", "--", "/bin/echo", "started"});
  EXPECT_EQ(launch.exit_code, 78) << launch.err;
  EXPECT_THAT(launch.err, HasSubstr("the direct URL leads to another database"));
  EXPECT_THAT(launch.out, IsEmpty());
  EXPECT_EQ(copy.value("SELECT to_regclass('one') IS NULL AND to_regclass('alembic_version') IS NULL"), "t");
}

// RESET goes back to what the server has, where it is the pooler that has logged in.
TEST_F(Pooled, TextArrivesAsItIsWrittenInADatabaseOfAnotherEncoding) {
  const std::string name = project.database().name() + "_latin";
  project.database().execute("CREATE DATABASE " + name + " ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
  project.write("001_one.sql", "CREATE TABLE town (name text);");
  project.write("002_two.sql", "INSERT INTO town VALUES ('Zürich');");
  project.write("003_three.sql", "INSERT INTO town VALUES ('Zürich');");
  project.set("DATABASE_URL", pooler.url(name));
  const Finished upgrade = project.run({"upgrade", "--wait-timeout", "20s"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  const Finished lengths = run("/usr/bin/psql", {"-X", "-A", "-t", "-d", project.database().server().own_url(name),
                                                 "-c", "SELECT length(name) FROM town"});
  EXPECT_EQ(lengths.out, "6\n6\n") << lengths.err;
  project.database().execute("DROP DATABASE " + name + " WITH (FORCE)");
}

// PgBouncer accepts connections as long as it remembers the server.
TEST(PooledServer, ThatIsAwayIsNotReady) {
  Postgres server;
  Project project{server};
  project.write_two_revisions();
  const Pooler pooler{server, "transaction"};
  project.set("DATABASE_URL", pooler.url("postgres"));
  ASSERT_EQ(project.run({"upgrade", "--wait-timeout", "20s"}).exit_code, 0);
  server.stop();
  EXPECT_EQ(project.run({"health", "--for", "connection", "--connect-timeout", "2s"}).exit_code, 1);
  const Finished wait = project.run({"wait", "--wait-timeout", "1s", "--connect-timeout", "1s"});
  EXPECT_EQ(wait.exit_code, 69) << wait.err;
  project.write("003_three.sql", "INSERT INTO audit VALUES ('003');");
  const auto launch = project.start({"run", "--wait-timeout", "60s", "--connect-timeout", "1s", "--", "/bin/true"});
  ASSERT_TRUE(launch->wait_for_err("waiting for PostgreSQL")) << launch->err();
  server.start();
  const Finished finished = launch->wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
}

// PgBouncer goes on telling that the server is a primary.
TEST(PooledPrimary, ThatCameBackAsAStandbyIsWaitedFor) {
  Postgres server;
  Project project{server};
  project.write_two_revisions();
  const Pooler pooler{server, "transaction"};
  project.set("DATABASE_URL", pooler.url("postgres"));
  ASSERT_EQ(project.run({"upgrade", "001", "--wait-timeout", "20s"}).exit_code, 0);
  server.stop();
  std::ofstream{server.data() / "standby.signal"}.close();
  server.start();
  const auto upgrade = project.start({"upgrade", "--wait-timeout", "60s"});
  ASSERT_TRUE(upgrade->wait_for_err("is a standby in recovery")) << upgrade->err();
  pqxx::connection own{server.own_url("postgres")};
  pqxx::nontransaction{own}.exec("SELECT pg_promote()");
  const Finished finished = upgrade->wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
}

// A lock's holder is found by the lock: libpq's pid is the pooler's making.
TEST_F(Pooled, WhoBlocksIsNamed) {
  project.write_two_revisions();
  project.run({"upgrade", "--wait-timeout", "20s"});
  project.write("003_alter.sql", "ALTER TABLE one ADD COLUMN more text;");
  const auto other = project.database().connect();
  pqxx::work holder{*other};
  holder.exec("SELECT * FROM one");
  const Finished upgrade = project.run({"upgrade", "--lock-timeout", "1s", "--lock-wait", "2s"});
  EXPECT_EQ(upgrade.exit_code, 75);
  EXPECT_THAT(upgrade.err, HasSubstr("blocked by pid"));
}

// PgBouncer goes on telling that the server is a standby.
TEST(PooledStandby, IsThePrimaryOnceItIsPromoted) {
  Postgres primary{{.settings = {"wal_keep_size=64MB"}}};
  Postgres standby{{.settings = {}, .standby_of = &primary}};
  Project project{primary};
  project.write_two_revisions();
  const Pooler pooler{standby, "transaction"};
  project.set("DATABASE_URL", pooler.url("postgres"));
  const auto upgrade = project.start({"upgrade", "--wait-timeout", "60s"});
  ASSERT_TRUE(upgrade->wait_for_err("is a standby in recovery")) << upgrade->err();
  pqxx::connection own{standby.own_url("postgres")};
  pqxx::nontransaction{own}.exec("SELECT pg_promote()");
  const Finished finished = upgrade->wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
}

// A pooler counts on the statements that its clients have prepared.
TEST_F(Pooled, StatementsThatOthersHavePreparedStay) {
  ASSERT_EQ(project.run({"wait", "--wait-timeout", "20s"}).exit_code, 0);
  pqxx::connection other{pooled_url()};
  pqxx::nontransaction{other}.exec("PREPARE theirs AS SELECT 'theirs'");
  project.write("001_prepare.sql", "PREPARE ours AS SELECT 1;\nEXECUTE ours;\n-- prepare");
  project.write("002_long.sql", "SELECT 'prepare';\n-- " + std::string(300'000, '-') + "\nSELECT 2;");
  project.write("003_prepare.sql", "PREPARE ours AS SELECT 3;\nPREPARE \"Ours too\" AS SELECT 3;");
  const Finished upgrade = project.run({"upgrade", "--wait-timeout", "20s"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_EQ(pqxx::nontransaction{other}.exec1("EXECUTE theirs")[0].as<std::string>(), "theirs");
  EXPECT_EQ(pqxx::nontransaction{other}.exec1("SELECT count(*) FROM pg_prepared_statements")[0].as<int>(), 1);
}

}  // namespace
}  // namespace slipway::fixture
