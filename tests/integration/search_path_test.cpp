#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/pooler.h"
#include "integration/project.h"

// The search path that a URL asks for, and other settings of the session, are in force in every transaction: on the
// server itself, behind a pooler that drops them when it connects, and behind one that refuses them.

namespace slipway::fixture {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

enum class Way { direct, refused, dropped };

std::string pooler_settings(Way way) {
  return way == Way::dropped ? "ignore_startup_parameters = extra_float_digits, options" : "";
}

class SearchPath : public testing::TestWithParam<Way> {
 protected:
  SearchPath() : pooler_{project_.database().server(), "transaction", pooler_settings(GetParam())} {
    project_.write_two_revisions();
    project_.database().execute("CREATE SCHEMA tenant1");
  }

  // The pooler is a program that has to start.
  void SetUp() override { ASSERT_EQ(run_with("", {"wait"}).exit_code, 0); }

  std::string url() const {
    const std::string& name = project_.database().name();
    return GetParam() == Way::direct ? project_.database().url() + "?application_name=test" : pooler_.url(name);
  }

  Finished run_with(const std::string& query, const std::vector<std::string>& command) {
    project_.set("DATABASE_URL", url() + query);
    std::vector<std::string> arguments = command;
    arguments.insert(arguments.end(), {"--wait-timeout", "20s"});
    return project_.run(arguments);
  }

  // "schema.table"
  std::vector<std::string> tables() const {
    return project_.database().rows(
        "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', "
        "'information_schema') ORDER BY 1");
  }

  Project project_;
  Pooler pooler_;
};

INSTANTIATE_TEST_SUITE_P(Behind, SearchPath, testing::Values(Way::direct, Way::refused, Way::dropped),
                         [](const auto& of) {
                           return of.param == Way::direct    ? "NoPooler"
                                  : of.param == Way::refused ? "APoolerThatRefusesOptions"
                                                             : "APoolerThatDropsOptions";
                         });

TEST_P(SearchPath, IsWhereTheTablesAreMade) {
  for (const char* query : {"&search_path=tenant1", "&schema=tenant1", "&options=-csearch_path%3Dtenant1",
                            "&currentSchema=tenant1,public", "&schema_search_path=tenant1"}) {
    const Finished upgrade = run_with(query, {"upgrade"});
    EXPECT_EQ(upgrade.exit_code, 0) << query << upgrade.err;
    EXPECT_THAT(tables(), AllOf(Each(StartsWith("tenant1.")), Not(IsEmpty()))) << query;
    EXPECT_THAT(run_with(query, {"current"}).out, HasSubstr("002")) << query;
    EXPECT_EQ(run_with(query, {"downgrade", "base"}).exit_code, 0) << query;
  }
}

TEST_P(SearchPath, OfOneSchemaLeavesAnotherAlone) {
  project_.database().execute("CREATE SCHEMA tenant2");
  EXPECT_EQ(run_with("&schema=tenant1", {"upgrade"}).exit_code, 0);
  // Another ledger of the same folder is made only if that is asked for.
  EXPECT_EQ(run_with("&schema=tenant2", {"stamp", "001"}).exit_code, 65);
  EXPECT_EQ(run_with("&schema=tenant2", {"stamp", "001", "--version-schema", "tenant2"}).exit_code, 0);
  EXPECT_THAT(run_with("&schema=tenant1", {"current"}).out, HasSubstr("002"));
  EXPECT_THAT(run_with("&schema=tenant2", {"current"}).out, HasSubstr("001"));
  EXPECT_EQ(run_with("&schema=tenant2", {"health"}).exit_code, 1);
  EXPECT_EQ(run_with("&schema=tenant1", {"health"}).exit_code, 0);
}

// What one script sets is not the next one's, and what the URL says is there again.
TEST_P(SearchPath, IsThereAgainAfterAScriptThatChangesIt) {
  project_.write("003_dump.sql", "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.p ();");
  project_.write("004_four.sql", "CREATE TABLE four ();");
  project_.write("005_five.sql",
                 "SET search_path = public;\nCREATE TABLE q ();\nINSERT INTO tenant1.audit VALUES (5);");
  project_.write("006_six.sql", "CREATE TABLE six ();");
  const Finished upgrade = run_with("&search_path=tenant1", {"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_THAT(tables(), ElementsAre("public.p", "public.q", "tenant1.alembic_version", "tenant1.audit", "tenant1.four",
                                    "tenant1.one", "tenant1.six", "tenant1.slipway_journal", "tenant1.two"));
}

TEST_P(SearchPath, GoesTogetherWithTheRole) {
  project_.database().execute("DO $$ BEGIN CREATE ROLE search_path_owner; EXCEPTION WHEN duplicate_object THEN END $$");
  project_.database().execute("GRANT ALL ON SCHEMA tenant1 TO search_path_owner");
  const Finished upgrade = run_with("&search_path=tenant1", {"upgrade", "--role", "search_path_owner"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_THAT(project_.database().rows("SELECT DISTINCT schemaname || ' ' || tableowner FROM pg_tables WHERE tablename "
                                       "IN ('one', 'two', 'alembic_version', 'slipway_journal')"),
              ElementsAre("tenant1 search_path_owner"));
  EXPECT_EQ(project_.database().value("SELECT DISTINCT role FROM tenant1.slipway_journal"), "search_path_owner");
  project_.database().execute("DROP OWNED BY search_path_owner; DROP SCHEMA tenant1 CASCADE");
}

// Django's assume_role, and the role that options ask for.
TEST_P(SearchPath, TheUrlMayAskForARoleToo) {
  project_.database().execute("DO $$ BEGIN CREATE ROLE assumed_owner; EXCEPTION WHEN duplicate_object THEN END $$");
  project_.database().execute("GRANT ALL ON SCHEMA tenant1 TO assumed_owner");
  project_.write("003_vacuum.sql", "VACUUM one;\nCREATE TABLE three ();", "SELECT 1;", "transaction:false");
  project_.set("DIRECT_URL", project_.database().url());
  const Finished upgrade = run_with("&assume_role=assumed_owner&schema=tenant1", {"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_THAT(project_.database().rows("SELECT DISTINCT schemaname || ' ' || tableowner FROM pg_tables WHERE tablename "
                                       "IN ('one', 'three', 'alembic_version', 'slipway_journal')"),
              ElementsAre("tenant1 assumed_owner"));
  EXPECT_EQ(project_.database().value("SELECT DISTINCT role FROM tenant1.slipway_journal"), "assumed_owner");
  project_.database().execute("DROP OWNED BY assumed_owner; DROP SCHEMA tenant1 CASCADE");
}

// The direct URL is of the same database, so its search path is the same too.
TEST_P(SearchPath, CountsForAScriptWithoutATransactionByTheDirectUrl) {
  project_.write("003_three.sql",
                 "VACUUM one;\nCREATE TABLE three ();\nRESET ALL;\nCREATE INDEX CONCURRENTLY ON three ((1));",
                 "SELECT 1;", "transaction:false");
  project_.write("004_four.sql", "CREATE TABLE four ();");
  project_.set("DIRECT_URL", project_.database().url());
  const Finished upgrade = run_with("&search_path=tenant1", {"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_THAT(tables(), Each(StartsWith("tenant1.")));
}

// A pool's connection is handed to the next client as it was.
TEST_P(SearchPath, IsNotTheNextClients) {
  if (GetParam() == Way::direct) GTEST_SKIP() << "there is no next client";
  EXPECT_EQ(run_with("&search_path=tenant1&assume_role=postgres", {"upgrade"}).exit_code, 0);
  const Finished next = run("/usr/bin/psql", {"-X", "-A", "-t", "-d", pooler_.url(project_.database().name()), "-c",
                                              "SELECT current_setting('search_path') || current_setting('role')"});
  EXPECT_EQ(next.out, "\"$user\", publicnone\n") << next.err;
}

// slipway's own limits count before those that the URL's settings hold.
TEST_P(SearchPath, SlipwaysOwnSettingsCountBeforeTheUrls) {
  project_.write("003_slow.sql", "SELECT pg_sleep(0.2);");
  const Finished upgrade = run_with("&options=-cstatement_timeout%3D100", {"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
}

TEST_P(SearchPath, ASettingThatTheServerRefusesIsFinalAtOnce) {
  const Finished upgrade = run_with("&options=-c%20no_such_setting%3D1", {"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 78) << upgrade.err;
  EXPECT_THAT(upgrade.err, AllOf(HasSubstr("no_such_setting"), Not(HasSubstr("waiting for"))));
}

TEST_P(SearchPath, MayStandInPgoptionsOrInAServiceFile) {
  project_.set("PGOPTIONS", "-c search_path=tenant1");
  EXPECT_EQ(run_with("", {"upgrade", "001"}).exit_code, 0);
  project_.set("PGOPTIONS", "");
  project_.write_file("services", "[app]\noptions=-c search_path=tenant1\n");
  project_.set("PGSERVICEFILE", (project_.folder() / "services").string());
  const Finished upgrade = run_with("&service=app", {"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_THAT(tables(), Each(StartsWith("tenant1.")));
  EXPECT_THAT(project_.database().rows("SELECT revision FROM tenant1.audit ORDER BY 1"), ElementsAre("001", "002"));
}

class RefusingPooler : public testing::Test {
 protected:
  void SetUp() override {
    project_.set("DATABASE_URL", pooler_.url(project_.database().name()));
    ASSERT_EQ(project_.run({"wait", "--wait-timeout", "20s"}).exit_code, 0);
  }

  void is_refused_at_once(const std::string& query, const std::string& parameter) {
    project_.set("DATABASE_URL", pooler_.url(project_.database().name()) + query);
    const Finished wait = project_.run({"wait", "--wait-timeout", "20s"});
    EXPECT_EQ(wait.exit_code, 78) << wait.err;
    EXPECT_THAT(wait.err,
                AllOf(HasSubstr("remove the parameter \"" + parameter + "\", which the connection pooler refuses"),
                      Not(HasSubstr("waiting for"))));
  }

  Project project_;
  Pooler pooler_{project_.database().server(), "transaction"};
};

// Only the start of a session can do these.
TEST_F(RefusingPooler, IsTheReasonWhereSlipwayNeedsTheOptions) {
  is_refused_at_once("&options=endpoint%3Dep-cool-1", "options");
  is_refused_at_once("&search_path=a&options=-B%20100", "options");
}

TEST_F(RefusingPooler, IsTheReasonForAnyOtherParameterToo) {
  project_.set("PGGEQO", "off");
  is_refused_at_once("", "geqo");
}

}  // namespace
}  // namespace slipway::fixture
