#include <iomanip>
#include <optional>
#include <sstream>

#include <gtest/gtest.h>

#include "fixture/gate.h"
#include "integration/project.h"

// The primary is killed in the middle of a run of many revisions, and its standby is promoted. The invariant: the run
// goes on there, from what that server's ledger says, and reaches the head with the effect of every revision exactly
// once, whatever of the old primary's last commits had arrived.

namespace slipway::fixture {
namespace {

class FailOver : public testing::Test {
 protected:
  static constexpr int revisions = 60;

  FailOver() {
    project_.write("001_first.sql", "CREATE TABLE audit (revision text);\nINSERT INTO audit VALUES ('001');");
    for (int i = 2; i <= revisions; ++i)
      project_.write(id(i) + "_more.sql", "INSERT INTO audit VALUES ('" + id(i) +
                                              "');\nSELECT pg_advisory_xact_lock_shared(" + std::to_string(i) + ");");
    standby_.wait_until_it_has(project_.database().name());
  }

  // slipway itself never waits for an advisory lock.
  void wait_until_held_up(Program& upgrade, int revision) const {
    while (upgrade.is_running() &&
           project_.database().value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND "
                                     "objid = " +
                                     std::to_string(revision)) == "0") {
    }
  }

  static std::string id(int number) {
    std::ostringstream text;
    text << std::setw(3) << std::setfill('0') << number;
    return text.str();
  }

  std::unique_ptr<Program> start_upgrade(const std::string& query) {
    const auto host = [](const Postgres& server) { return "127.0.0.1:" + std::to_string(server.port()); };
    project_.set("DATABASE_URL", "postgresql://postgres:" + std::string{Postgres::password} + "@" + host(primary_) +
                                     "," + host(standby_) + "/" + project_.database().name() + query);
    return project_.start({"upgrade", "--wait-timeout", "60s"});
  }

  static void tell(const Postgres& server, const std::string& statement) {
    pqxx::connection connection{server.own_url("postgres")};
    pqxx::nontransaction{connection}.exec(statement);
  }

  static std::string value(const Postgres& server, const std::string& database, const std::string& query) {
    pqxx::connection connection{server.own_url(database)};
    return pqxx::nontransaction{connection}.exec1(query)[0].as<std::string>();
  }

  std::string on_the_new_primary(const std::string& query) const {
    return value(standby_, project_.database().name(), query);
  }

  void expect_every_revision_once(Program& upgrade) const {
    const Finished finished = upgrade.wait();
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    std::string all;
    for (int i = 1; i <= revisions; ++i)
      all += (all.empty() ? "" : " ") + id(i);
    EXPECT_EQ(on_the_new_primary("SELECT string_agg(revision, ' ' ORDER BY revision) FROM audit"), all);
    EXPECT_EQ(on_the_new_primary("SELECT string_agg(version_num, ' ') FROM alembic_version"), id(revisions));
    EXPECT_EQ(on_the_new_primary("SELECT string_agg(revision || action || state, ' ' ORDER BY id) = "
                                 "string_agg(revision || 'upgradedone', ' ' ORDER BY revision) FROM slipway_journal"),
              "t");
  }

  Postgres primary_{{.settings = {"wal_keep_size=512MB"}}};
  Postgres standby_{{.settings = {}, .standby_of = &primary_}};
  Project project_{primary_};
};

TEST_F(FailOver, TheRunGoesOnOnThePromotedStandby) {
  const Gate gate{project_.database(), 20};
  const auto upgrade = start_upgrade("");
  wait_until_held_up(*upgrade, 20);
  primary_.stop();
  ASSERT_TRUE(upgrade->wait_for_err("waiting for PostgreSQL")) << upgrade->err();
  tell(standby_, "SELECT pg_promote()");
  expect_every_revision_once(*upgrade);
}

TEST_F(FailOver, AUrlThatAsksForThePrimaryFindsTheNewOne) {
  const Gate gate{project_.database(), 20};
  const auto upgrade = start_upgrade("?target_session_attrs=read-write");
  wait_until_held_up(*upgrade, 20);
  primary_.stop();
  tell(standby_, "SELECT pg_promote()");
  expect_every_revision_once(*upgrade);
}

TEST_F(FailOver, WhatNeverReachedTheStandbyIsDoneAgain) {
  std::optional<Gate> first{std::in_place, project_.database(), 20};
  const Gate second{project_.database(), 40};
  const auto upgrade = start_upgrade("");
  wait_until_held_up(*upgrade, 20);
  while (on_the_new_primary("SELECT to_regclass('audit') IS NOT NULL") == "f" ||
         on_the_new_primary("SELECT max(revision) FROM audit") != id(19)) {
  }
  tell(standby_, "ALTER SYSTEM SET primary_conninfo = ''");
  tell(standby_, "SELECT pg_reload_conf()");
  while (value(standby_, "postgres", "SELECT count(*) FROM pg_stat_wal_receiver") != "0") {
  }
  first.reset();
  wait_until_held_up(*upgrade, 40);
  EXPECT_EQ(project_.database().value("SELECT max(revision) FROM audit"), id(39));
  EXPECT_EQ(on_the_new_primary("SELECT max(revision) FROM audit"), id(19));
  primary_.stop();
  tell(standby_, "SELECT pg_promote()");
  expect_every_revision_once(*upgrade);
}

}  // namespace
}  // namespace slipway::fixture
