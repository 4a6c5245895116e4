#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "integration/project.h"
#include "integration/role.h"

// A search path that was changed leads past the ledger. No second one is made where another schema has this folder's:
// everything would run again, into an empty schema.

namespace slipway::fixture {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using Command = std::vector<std::string>;

class LedgerPlace : public testing::Test {
 protected:
  LedgerPlace() {
    project.write("001_users.sql", "CREATE TABLE users (id int);", "DROP TABLE users;");
    project.write("002_shops.sql", "CREATE TABLE shops (id int);", "DROP TABLE shops;");
    execute("CREATE SCHEMA app");
  }

  void execute(const std::string& sql) { project.database().execute(sql); }
  void lead_to(const std::string& schemas) {
    execute("ALTER DATABASE " + project.database().name() + " SET search_path = " + schemas);
  }
  Finished done(const Command& command) {
    Finished finished = project.run(command);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    return finished;
  }
  std::vector<std::string> tables(const std::string& schema) {
    return project.database().rows("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = '" + schema +
                                   "'::regnamespace ORDER BY 1");
  }

  Project project;
};

TEST_F(LedgerPlace, ASearchPathThatLeadsPastTheLedgerRunsNothing) {
  done({"upgrade"});
  lead_to("app");
  for (const Command& command : std::vector<Command>{{"upgrade"},
                                                     {"upgrade", "--dry-run"},
                                                     {"run", "--", "/bin/true"},
                                                     {"downgrade"},
                                                     {"stamp", "002"},
                                                     {"stamp", "002", "--purge"},
                                                     {"accept", "002"},
                                                     {"resolve", "002", "--retry"},
                                                     {"ensure-version"}}) {
    const Finished refused = project.run(command);
    EXPECT_EQ(refused.exit_code, 65) << command.front() << refused.err;
    EXPECT_THAT(refused.err,
                HasSubstr("has no version table in schema app, but alembic_version in schema public is at 002"));
    EXPECT_THAT(refused.err,
                HasSubstr("--version-schema public to continue with that table, or --version-schema app to start"));
  }
  EXPECT_THAT(tables("app"), IsEmpty());
  EXPECT_THAT(done({"upgrade", "--version-schema", "public"}).err, HasSubstr("nothing to do"));
  done({"upgrade", "--version-schema", "app"});
  EXPECT_THAT(tables("app"), ElementsAre("alembic_version", "shops", "slipway_journal", "users"));
  done({"upgrade"});
}

TEST_F(LedgerPlace, WhoOnlyReadsIsTold) {
  done({"upgrade"});
  lead_to("app");
  const std::string words = "alembic_version in schema public is at 002";
  for (const Command& command :
       std::vector<Command>{{"current"}, {"history", "-i"}, {"history", "-i", "--format", "html"}})
    EXPECT_THAT(done(command).err, HasSubstr(words)) << command.front();
  const Finished health = project.run({"health"});
  EXPECT_EQ(health.exit_code, 1);
  EXPECT_THAT(health.err, HasSubstr(words));
  const Finished wait = project.run({"wait", "--for", "head", "--wait-timeout", "0"});
  EXPECT_EQ(wait.exit_code, 69);
  EXPECT_THAT(wait.err, HasSubstr(words));
  const Finished check = project.run({"check", "--format", "json"});
  EXPECT_EQ(check.exit_code, 1);
  const auto findings = nlohmann::json::parse(check.out).at("findings");
  ASSERT_EQ(findings.size(), 1U) << findings;
  EXPECT_EQ(findings.at(0).at("kind"), "ledger_elsewhere");
  EXPECT_THAT(findings.at(0).at("message").get<std::string>(), HasSubstr(words));
}

TEST_F(LedgerPlace, ASearchPathThatLeadsNowhereNamesTheLedgersSchema) {
  done({"upgrade"});
  lead_to("nowhere");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 78) << upgrade.err;
  EXPECT_THAT(upgrade.err, HasSubstr("--version-schema public"));
}

TEST_F(LedgerPlace, AnotherProjectsLedgerIsNoneOfOurs) {
  execute(
      "CREATE SCHEMA theirs; CREATE TABLE theirs.alembic_version (version_num text); INSERT INTO "
      "theirs.alembic_version "
      "VALUES ('ae1027a6acf'); CREATE SCHEMA empty; CREATE TABLE empty.alembic_version (version_num text); CREATE "
      "SCHEMA "
      "odd; CREATE TABLE odd.alembic_version (other int)");
  EXPECT_THAT(done({"upgrade"}).err, Not(HasSubstr("also")));
}

TEST_F(LedgerPlace, EachThatHasThisFoldersRevisionsIsNamed) {
  done({"upgrade", "001"});
  execute(
      "CREATE SCHEMA old; CREATE TABLE old.alembic_version (version_num text); INSERT INTO old.alembic_version VALUES "
      "('002'), ('theirs'); CREATE SCHEMA seen; CREATE VIEW seen.alembic_version AS SELECT version_num FROM "
      "public.alembic_version");
  lead_to("app");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 65);
  EXPECT_THAT(upgrade.err, HasSubstr("alembic_version in schema old is at 002, alembic_version in schema public is at "
                                     "001, alembic_version in schema seen is at 001"));
}

TEST_F(LedgerPlace, WhatTheRoleCannotReadIsSaid) {
  const Role role{project.database()};
  execute("GRANT ALL ON SCHEMA app TO " + role.name() +
          "; CREATE SCHEMA closed; CREATE TABLE closed.alembic_version (version_num text); INSERT INTO "
          "closed.alembic_version VALUES ('002'); GRANT USAGE ON SCHEMA public TO " +
          role.name() +
          "; CREATE TABLE public.alembic_version (version_num text); CREATE SCHEMA secured; CREATE TABLE "
          "secured.alembic_version (version_num text); GRANT ALL ON SCHEMA secured TO " +
          role.name() + "; GRANT ALL ON secured.alembic_version TO " + role.name() +
          "; ALTER TABLE secured.alembic_version ENABLE ROW LEVEL SECURITY; CREATE SCHEMA broken; CREATE VIEW "
          "broken.alembic_version AS SELECT (1 / 0)::text AS version_num; GRANT ALL ON SCHEMA broken TO " +
          role.name() + "; GRANT ALL ON broken.alembic_version TO " + role.name());
  lead_to("app");
  project.set("DATABASE_URL", role.url());
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_THAT(upgrade.err,
              HasSubstr("there is also alembic_version in schema broken, alembic_version in schema closed, "
                        "alembic_version in schema public, alembic_version in schema secured, which this "
                        "role can't read; slipway uses schema app"));
  EXPECT_THAT(done({"upgrade"}).err, Not(HasSubstr("also"))) << "where there is a ledger nobody looks for others";
}

TEST_F(LedgerPlace, OfManySchemasAllAreRead) {
  std::string sql;
  for (int i = 100; i < 230; ++i) {
    const std::string schema = "tenant_" + std::to_string(i);
    sql += "CREATE SCHEMA " + schema;
    sql += "; CREATE TABLE " + schema;
    sql += ".alembic_version (version_num text);";
  }
  execute(sql + "INSERT INTO tenant_229.alembic_version VALUES ('002')");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 65) << upgrade.err;
  EXPECT_THAT(upgrade.err, HasSubstr("alembic_version in schema tenant_229 is at 002"));
}

// Somebody has moved one of the two tables.
TEST_F(LedgerPlace, AVersionTableWithoutItsJournalGetsNoSecondOne) {
  done({"upgrade"});
  execute("ALTER TABLE alembic_version SET SCHEMA app");
  for (const std::string path : {"app, public", "app"}) {
    lead_to(path);
    const Finished upgrade = project.run({"upgrade"});
    EXPECT_EQ(upgrade.exit_code, 65) << upgrade.err;
    EXPECT_THAT(upgrade.err, HasSubstr("ALTER TABLE public.slipway_journal SET SCHEMA app"));
  }
  execute("ALTER TABLE public.slipway_journal SET SCHEMA app");
  EXPECT_THAT(done({"upgrade"}).err, HasSubstr("nothing to do"));
}

// As with a schema for each tenant, and one for all.
TEST_F(LedgerPlace, AJournalThatTheSearchPathFindsBesideAnotherVersionTableIsNotTaken) {
  done({"upgrade"});
  execute(
      "CREATE TABLE app.alembic_version (version_num varchar(32)); INSERT INTO app.alembic_version VALUES ('001'); "
      "CREATE "
      "TABLE app.users (id int)");
  lead_to("app, public");
  done({"upgrade"});
  EXPECT_THAT(tables("app"), ElementsAre("alembic_version", "shops", "slipway_journal", "users"));
  EXPECT_THAT(project.database().rows("SELECT revision || ' ' || action FROM app.slipway_journal ORDER BY id"),
              ElementsAre("001 adopt", "002 upgrade"));
  EXPECT_EQ(project.database().value("SELECT count(*) FROM public.slipway_journal"), "2");
}

}  // namespace
}  // namespace slipway::fixture
