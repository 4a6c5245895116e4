#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "integration/shop.h"

// Scripts written without a database: psql runs them, and the database is then as slipway itself would have left it.

namespace slipway::fixture {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Offline : public testing::Test {
 protected:
  // With a URL at which nothing answers.
  std::string script(const std::vector<std::string>& arguments) {
    project.set("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none");
    const Finished finished = project.run(arguments);
    project.set("DATABASE_URL", project.database().url());
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    return finished.out;
  }

  static Finished psql(const Database& database, const std::string& text) {
    const TempFolder folder;
    const auto file = folder.write("script.sql", text);
    return fixture::run("/usr/bin/psql", {"-X", "-q", "-d", database.url(), "-f", file.string()});
  }

  static void psql_runs(const Database& database, const std::string& text) {
    const Finished finished = psql(database, text);
    EXPECT_EQ(finished.exit_code, 0) << finished.err << text;
    EXPECT_THAT(finished.err, IsEmpty());
    EXPECT_THAT(finished.out, IsEmpty());
  }

  // Schema and data but for the journal's, which holds times, and what newer pg_dumps make up.
  static std::string dump(const Database& database) {
    const Finished finished =
        fixture::run("/usr/bin/pg_dump", {"-d", database.url(), "--exclude-table-data=slipway_journal", "--no-sync"});
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    return std::regex_replace(finished.out, std::regex{R"(\\(un)?restrict [^\n]*)"}, "");
  }

  static std::vector<std::string> journal(const Database& database) {
    return database.rows(
        "SELECT revision, message, action, state, token_checksum, byte_checksum, statements, statements_done, "
        "finished_at IS NOT NULL, role, login, program FROM slipway_journal ORDER BY id");
  }

  // Brings one database there with slipway and another one with psql.
  void expect_the_same(const std::vector<std::vector<std::string>>& online,
                       const std::vector<std::vector<std::string>>& offline) {
    for (const auto& arguments : online) {
      const Finished finished = project.run(arguments);
      EXPECT_EQ(finished.exit_code, 0) << finished.err;
    }
    const Database other;
    for (const auto& arguments : offline)
      psql_runs(other, script(arguments));
    // pg_dump is Debian's, and refuses servers that are newer than itself.
    if (other.server().major_version() <= 15) {
      EXPECT_EQ(dump(project.database()), dump(other));
    }
    EXPECT_EQ(journal(project.database()), journal(other));
  }

  Shop project;
};

TEST_F(Offline, AnUpgradeOfAllIsWhatTheRunnerDoes) {
  project.merge();
  project.write_file("migrations/d100.sql",
                     "-- Settings of its own\n-- revision: d100\n-- revises: c100\n-- migrate:up lock_timeout:7s\n"
                     "SET search_path = pg_catalog; SET lock_timeout = 0;\n"
                     "CREATE TABLE public.it_s (text text DEFAULT E'a\\\\b''c'); -- no semicolon behind this");
  expect_the_same({{"upgrade"}}, {{"upgrade", "heads", "--sql"}});
}

TEST_F(Offline, AnUpgradeInPartsGoesOnWhereTheFirstEnded) {
  expect_the_same({{"upgrade", "b100"}, {"upgrade"}},
                  {{"upgrade", "b100", "--sql"}, {"upgrade", "b100:heads", "--sql"}});
}

TEST_F(Offline, ADowngradeIsWhatTheRunnerDoes) {
  project.merge();
  expect_the_same({{"upgrade"}, {"downgrade", "billing@base"}},
                  {{"upgrade", "--sql"}, {"downgrade", "head:billing@base", "--sql"}});
}

TEST_F(Offline, ADowngradeToBaseLeavesEmptyTables) {
  expect_the_same({{"upgrade", "core@head"}, {"downgrade", "base"}},
                  {{"upgrade", "core@head", "--sql"}, {"downgrade", "a200:base", "--sql"}});
}

TEST_F(Offline, AStampIsWhatTheCommandDoes) {
  expect_the_same({{"stamp", "heads"}}, {{"stamp", "heads", "--sql"}});
}

TEST_F(Offline, AStampDownwardsIsWhatTheCommandDoes) {
  expect_the_same({{"upgrade", "core@head"}, {"stamp", "a100"}},
                  {{"upgrade", "core@head", "--sql"}, {"stamp", "a200:a100", "--sql"}});
}

TEST_F(Offline, AScriptWithoutATransactionRunsOutsideOfOne) {
  project.write_file(
      "migrations/a300.sql",
      "-- Index\n-- revision: a300\n-- revises: a200\n-- migrate:up transaction:false\n"
      "CREATE INDEX CONCURRENTLY users_id ON a100 (id);\nVACUUM a100;\n-- migrate:down transaction:false\n"
      "DROP INDEX CONCURRENTLY users_id;\n");
  expect_the_same({{"upgrade"}, {"downgrade", "core@a200"}},
                  {{"upgrade", "--sql"}, {"downgrade", "heads:core@a200", "--sql"}});
}

TEST_F(Offline, AnotherVersionTableAndSchemaAndRole) {
  const std::vector<std::string> options{"--version-table", "shop_version", "--version-schema", "ledger"};
  const auto with = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), options.begin(), options.end());
    return arguments;
  };
  const Database other;
  for (const Database* database : {&project.database(), &other})
    database->execute("CREATE SCHEMA ledger");
  EXPECT_EQ(project.run(with({"upgrade"})).exit_code, 0);
  psql_runs(other, script(with({"upgrade", "--sql"})));
  EXPECT_EQ(other.rows("SELECT version_num FROM ledger.shop_version ORDER BY 1"),
            project.database().rows("SELECT version_num FROM ledger.shop_version ORDER BY 1"));
  const std::string entries =
      "SELECT revision, action, byte_checksum FROM ledger.slipway_journal_shop_version ORDER BY id";
  EXPECT_EQ(other.rows(entries), project.database().rows(entries));
}

TEST_F(Offline, HasAlembicsCommentBeforeEachStep) {
  project.merge();
  const std::string up = script({"upgrade", "a100:head", "--sql"});
  std::vector<std::string> steps;
  const std::regex step{"-- Running [^\n]*"};
  for (auto match = std::sregex_iterator{up.begin(), up.end(), step}; match != std::sregex_iterator{}; ++match)
    steps.push_back(match->str());
  EXPECT_THAT(steps, ElementsAre("-- Running upgrade a100 -> a200", "-- Running upgrade  -> b100",
                                 "-- Running upgrade b100 -> b200", "-- Running upgrade a200, b200 -> c100"));
  EXPECT_THAT(script({"downgrade", "a100:base", "--sql"}), HasSubstr("-- Running downgrade a100 -> \n"));
  EXPECT_THAT(script({"stamp", "a100:a200", "--sql"}), HasSubstr("-- Running stamp_revision a100 -> a200\n"));
  EXPECT_THAT(script({"upgrade", "a200:a200", "--sql"}), HasSubstr("\n-- There is nothing to do.\n"));
  const auto json = nlohmann::json::parse(script({"stamp", "a100", "--sql", "--format", "json"}));
  EXPECT_THAT(json.at("script"), HasSubstr("-- Running stamp_revision  -> a100\n"));
}

TEST_F(Offline, RunsOnNoDatabaseThatIsElsewhere) {
  const std::string upgrade = script({"upgrade", "--sql"});
  psql_runs(project.database(), upgrade);
  const Finished again = psql(project.database(), upgrade);
  EXPECT_EQ(again.exit_code, 3);
  EXPECT_THAT(again.err, HasSubstr("slipway: this database is not at base"));
  EXPECT_THAT(project.heads(), ElementsAre("a200", "b200"));
  EXPECT_EQ(project.journal().size(), 4U);
}

TEST_F(Offline, StopsWhereAStepFailsAndKeepsWhatWasBefore) {
  write_revision(project, "b150", "revises: b100");
  project.write_file("migrations/b200.sql",
                     "-- Bad\n-- revision: b200\n-- revises: b150\n-- migrate:up\nSELECT 1 / 0;\n");
  const Finished finished = psql(project.database(), script({"upgrade", "--sql"}));
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_THAT(project.heads(), ElementsAre("a200", "b150"));
  EXPECT_EQ(project.run({"check", "--allow-pending", "--allow-multiple-heads"}).exit_code, 0);
}

TEST_F(Offline, JournalsWhatAnotherToolHadApplied) {
  project.database().execute(
      "CREATE TABLE a100 (id int PRIMARY KEY); CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL); "
      "INSERT INTO alembic_version VALUES ('a100')");
  psql_runs(project.database(), script({"upgrade", "a100:core@head", "--sql"}));
  EXPECT_THAT(project.journal(), ElementsAre("a100 adopt done", "a200 upgrade done"));
}

TEST_F(Offline, WaitsForNobodyWhileSlipwayMigrates) {
  psql_runs(project.database(), script({"upgrade", "a100", "--sql"}));
  project.write_file("migrations/a200.sql",
                     "-- Slow\n-- revision: a200\n-- revises: a100\n-- migrate:up\nSELECT pg_sleep(30);\n");
  const auto upgrade = project.start({"upgrade"});
  while (
      project.database().value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid "
                               "FROM pg_database WHERE datname = current_database())") == "0" &&
      upgrade->is_running()) {
  }
  const Finished finished = psql(project.database(), script({"upgrade", "a100:b100", "--sql"}));
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_THAT(finished.err, HasSubstr("slipway: another session is migrating this database"));
}

TEST_F(Offline, WhatOnlyADatabaseKnowsIsRefused) {
  const auto fails_with = [&](const std::vector<std::string>& arguments, const std::string& words) {
    const Finished finished = project.run(arguments);
    EXPECT_EQ(finished.exit_code, 64) << finished.out;
    EXPECT_THAT(finished.err, HasSubstr(words));
    EXPECT_THAT(finished.out, IsEmpty());
  };
  fails_with({"upgrade", "current:heads", "--sql"}, "does not query the database");
  fails_with({"downgrade", "--sql"}, "is not of the form FROM:TARGET");
  fails_with({"downgrade", "base", "--sql"}, "is not of the form FROM:TARGET");
  fails_with({"upgrade", "a300:heads", "--sql"}, "did you mean a100 or a200?");
  fails_with({"upgrade", "a100:b300", "--sql"}, "did you mean");
  fails_with({"upgrade", "a100:a200"}, "with --sql");
  fails_with({"upgrade", "--sql", "--dry-run"}, "--dry-run");
}

}  // namespace
}  // namespace slipway::fixture
