#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "integration/project.h"

// upgrade and downgrade on a real server: what they apply, what they say, and what they leave when a script fails.

namespace slipway::fixture {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(Upgrade, AppliesAllThatIsPendingAndRecordsIt) {
  Project project;
  project.write_two_revisions();
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_THAT(upgrade.err, HasSubstr("applied 001"));
  EXPECT_THAT(upgrade.err, HasSubstr("applied 002"));
  EXPECT_THAT(upgrade.out, IsEmpty());
  EXPECT_THAT(project.heads(), ElementsAre("002"));
  EXPECT_THAT(project.journal(), ElementsAre("001 upgrade done", "002 upgrade done"));
  EXPECT_THAT(project.database().rows("SELECT revision FROM audit ORDER BY 1"), ElementsAre("001", "002"));
}

TEST(Upgrade, AtHeadDoesNothing) {
  Project project;
  project.write_two_revisions();
  project.run({"upgrade"});
  const std::string before = project.database().value("SELECT pg_current_wal_insert_lsn()");
  const Finished again = project.run({"upgrade"});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_THAT(again.err, HasSubstr("nothing to do"));
  EXPECT_EQ(project.database().value("SELECT pg_current_wal_insert_lsn()"), before);
  EXPECT_THAT(project.journal(), ElementsAre("001 upgrade done", "002 upgrade done"));
}

TEST(Upgrade, GoesToATargetAndOnFromThere) {
  Project project;
  project.write_two_revisions();
  EXPECT_EQ(project.run({"upgrade", "001"}).exit_code, 0);
  EXPECT_THAT(project.heads(), ElementsAre("001"));
  EXPECT_EQ(project.run({"upgrade", "+1"}).exit_code, 0);
  EXPECT_THAT(project.heads(), ElementsAre("002"));
}

TEST(Upgrade, DryRunPrintsThePlanAndChangesNothing) {
  Project project;
  project.write_two_revisions();
  const Finished plan = project.run({"upgrade", "--dry-run"});
  EXPECT_EQ(plan.exit_code, 0);
  EXPECT_THAT(plan.out, HasSubstr("upgrade 001"));
  EXPECT_THAT(plan.out, HasSubstr("002_two.sql"));
  EXPECT_EQ(project.database().value("SELECT to_regclass('alembic_version') IS NULL"), "t");
}

TEST(Upgrade, TellsProgramsInJson) {
  Project project;
  project.write_two_revisions();
  const Finished plan = project.run({"upgrade", "--dry-run", "--format", "json"});
  EXPECT_EQ(nlohmann::json::parse(plan.out).at("steps").size(), 2U);
  const Finished upgrade = project.run({"upgrade", "--format", "json"});
  const auto result = nlohmann::json::parse(upgrade.out);
  EXPECT_EQ(result.at("after"), nlohmann::json::parse(R"(["002"])"));
  EXPECT_EQ(result.at("steps").at(1).at("revision"), "002");
}

TEST(Upgrade, LogsInJsonLines) {
  Project project;
  project.write_two_revisions();
  const Finished upgrade = project.run({"upgrade", "--log-format", "json"});
  std::istringstream lines{upgrade.err};
  int applied = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto event = nlohmann::json::parse(line);
    EXPECT_TRUE(event.contains("time"));
    if (event.at("event") != "revision.applied") continue;
    ++applied;
    EXPECT_THAT(event.at("message").get<std::string>(), testing::StartsWith("applied 00"));
    EXPECT_TRUE(event.at("duration_ms").is_number());
  }
  EXPECT_EQ(applied, 2);
}

TEST(Upgrade, ANoticeCannotSteerATerminal) {
  Project project;
  project.write("001_loud.sql", "DO $$ BEGIN RAISE NOTICE E'a\\x1b[31mb\\x07'; END $$;");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_THAT(upgrade.err, HasSubstr("PostgreSQL: a\\x1b[31mb\\x07"));
  EXPECT_THAT(upgrade.err, Not(HasSubstr("\x1b")));
}

TEST(Upgrade, GoesToSeveralHeads) {
  Project project;
  project.write_file("migrations/a1.sql", "-- a\n-- revision: a1\n-- revises:\n-- migrate:up\nCREATE TABLE a();\n");
  project.write_file("migrations/b1.sql", "-- b\n-- revision: b1\n-- revises: a1\n-- migrate:up\nCREATE TABLE b();\n");
  project.write_file("migrations/c1.sql", "-- c\n-- revision: c1\n-- revises: a1\n-- migrate:up\nCREATE TABLE c();\n");
  const Finished head = project.run({"upgrade", "head"});
  EXPECT_EQ(head.exit_code, 64);
  EXPECT_THAT(head.err, HasSubstr("b1"));
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
  EXPECT_THAT(project.heads(), ElementsAre("b1", "c1"));
}

TEST(Upgrade, AFailingScriptLeavesNothingOfItselfAndKeepsWhatWasBefore) {
  Project project;
  project.write_two_revisions();
  project.write("003_bad.sql",
                "CREATE TABLE three ();\nINSERT INTO audit VALUES ('003');\nINSERT INTO missing VALUES (1);");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 73);
  EXPECT_THAT(upgrade.err, HasSubstr("migrations/003_bad.sql:4: 003"));
  EXPECT_THAT(upgrade.err, HasSubstr("relation \"missing\" does not exist (SQLSTATE 42P01)"));
  EXPECT_THAT(upgrade.err, HasSubstr("  INSERT INTO missing VALUES (1);\n"));
  EXPECT_THAT(upgrade.err, HasSubstr("              ^"));
  EXPECT_THAT(project.heads(), ElementsAre("002"));
  EXPECT_EQ(project.database().value("SELECT to_regclass('three') IS NULL"), "t");
  EXPECT_THAT(project.database().rows("SELECT revision FROM audit ORDER BY 1"), ElementsAre("001", "002"));
}

TEST(Upgrade, AnErrorWithoutAPositionNamesItsStatement) {
  Project project;
  project.write(
      "001_one.sql",
      "CREATE TABLE t (id int PRIMARY KEY);\n\n-- twice\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (1);");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 73);
  EXPECT_THAT(upgrade.err, HasSubstr("001_one.sql:6:"));
  EXPECT_THAT(upgrade.err, HasSubstr("DETAIL: Key (id)=(1) already exists."));
}

TEST(Upgrade, ShowsHintAndContext) {
  Project project;
  project.write("001_one.sql", "DO $$ BEGIN RAISE EXCEPTION 'no' USING HINT = 'ask', DETAIL = 'why'; END $$;");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 73);
  EXPECT_THAT(upgrade.err, HasSubstr("HINT: ask"));
  EXPECT_THAT(upgrade.err, HasSubstr("DETAIL: why"));
  EXPECT_THAT(upgrade.err, HasSubstr("CONTEXT: PL/pgSQL function inline_code_block"));
}

TEST(Upgrade, PutsTheCaretBehindCharactersOfSeveralBytes) {
  Project project;
  project.write("001_ä.sql", "COMMENT ON DATABASE postgres IS 'größer'; SELECT 'ßß' FROM nowhere;");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 73);
  EXPECT_THAT(upgrade.err, HasSubstr(":2:"));
  EXPECT_THAT(upgrade.err, HasSubstr("\n  " + std::string(59, ' ') + "^"));
}

TEST(Upgrade, NoticesReachTheLog) {
  Project project;
  project.write("001_one.sql", "DO $$ BEGIN RAISE NOTICE 'half way'; RAISE WARNING 'careful'; END $$;");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_THAT(upgrade.err, HasSubstr("info    PostgreSQL: half way"));
  EXPECT_THAT(upgrade.err, HasSubstr("warning PostgreSQL: careful"));
}

TEST(Upgrade, AScriptWithItsOwnTransactionIsRefusedBeforeAnythingRuns) {
  Project project;
  project.write_two_revisions();
  project.write("003_begin.sql", "BEGIN;\nCREATE TABLE three ();\nCOMMIT;");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 65);
  EXPECT_THAT(upgrade.err, HasSubstr("003_begin.sql:2"));
  EXPECT_THAT(upgrade.err, HasSubstr("transaction:false"));
  EXPECT_EQ(project.database().value("SELECT to_regclass('alembic_version') IS NULL"), "t");
}

TEST(Upgrade, SessionStateDoesNotLeakFromOneRevisionToTheNext) {
  Project project;
  project.database().execute("CREATE ROLE leaky");
  project.write("001_leak.sql",
                "CREATE SCHEMA other; CREATE TABLE public.seen (path text, role text, size text, temporary text);\n"
                "SET search_path = other; SET work_mem = '77MB'; CREATE TEMP TABLE left_over (); SET ROLE leaky;");
  project.write(
      "002_look.sql",
      "INSERT INTO public.seen SELECT current_setting('search_path'), current_user, current_setting('work_mem'), "
      "to_regclass('left_over')::text;");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_EQ(project.database().value("SELECT * FROM public.seen"), "\"$user\", public|postgres|4MB|");
  project.database().execute("DROP ROLE leaky");
}

// An operator that somebody else made for just the types of slipway's own statements.
TEST(Upgrade, NobodysOperatorsAreTaken) {
  Project project;
  project.write_two_revisions();
  project.database().execute(
      "CREATE TABLE called (); CREATE FUNCTION evil(varchar, varchar) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN INSERT "
      "INTO called DEFAULT VALUES; RETURN true; END $$; CREATE FUNCTION evil(text[], text[]) RETURNS bool LANGUAGE "
      "plpgsql AS $$ BEGIN INSERT INTO called DEFAULT VALUES; RETURN true; END $$; CREATE OPERATOR = (FUNCTION = evil, "
      "LEFTARG = varchar, RIGHTARG = varchar); CREATE OPERATOR = (FUNCTION = evil, LEFTARG = text[], RIGHTARG = "
      "text[])");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
  EXPECT_EQ(project.run({"downgrade"}).exit_code, 0);
  EXPECT_EQ(project.run({"history"}).exit_code, 0);
  EXPECT_EQ(project.database().value("SELECT count(*) FROM called"), "0");
}

// The pattern for logins that come and go (PostgreSQL: ALTER ROLE … SET role).
TEST(Upgrade, WorksAsTheRoleThatALoginTakesByDefault) {
  Project project;
  const Database& database = project.database();
  database.execute(
      "CREATE ROLE owner_of_all; CREATE ROLE passing LOGIN NOINHERIT PASSWORD 'p' IN ROLE owner_of_all; "
      "ALTER ROLE passing SET role = owner_of_all; GRANT ALL ON SCHEMA public TO owner_of_all");
  project.set("DATABASE_URL", database.server().url(database.name(), "passing", "p"));
  project.write_two_revisions();
  project.write("003_alone.sql", "INSERT INTO audit VALUES ('003');\nVACUUM one;", "SELECT 1;", "transaction:false");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_EQ(database.value("SELECT string_agg(DISTINCT tableowner, ' ') FROM pg_tables WHERE schemaname = 'public'"),
            "owner_of_all");
  database.execute("DROP OWNED BY owner_of_all; DROP ROLE passing; DROP ROLE owner_of_all");
}

// All commits but the last are asynchronous, whatever the role has, and the last is not.
TEST(Upgrade, TheLastCommitWaitsForTheDisk) {
  Project project;
  project.database().execute("ALTER DATABASE " + project.database().name() + " SET synchronous_commit = off");
  project.write(
      "001_watch.sql",
      "CREATE TABLE seen (what text);\nCREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "INSERT INTO seen VALUES (NEW.revision || ' ' || current_setting('synchronous_commit')); RETURN NEW; END "
      "$$;\nCREATE TRIGGER see AFTER INSERT ON slipway_journal FOR EACH ROW EXECUTE FUNCTION see();");
  project.write("002_more.sql", "SET synchronous_commit = local;");
  project.write("003_last.sql", "SET synchronous_commit = off;");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
  EXPECT_THAT(project.database().rows("SELECT what FROM seen ORDER BY 1"), ElementsAre("001 off", "002 off", "003 on"));
}

TEST(Upgrade, IsRightWhateverIsolationTheRoleHasByDefault) {
  Project project;
  project.database().execute("ALTER DATABASE " + project.database().name() +
                             " SET default_transaction_isolation = serializable");
  project.database().execute("ALTER DATABASE " + project.database().name() + " SET default_transaction_read_only = on");
  project.write_two_revisions();
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
}

TEST(Upgrade, WorksAsTheRoleThatIsAskedFor) {
  Project project;
  project.database().execute("CREATE ROLE owner_of_all; GRANT CREATE ON SCHEMA public TO owner_of_all");
  project.write_two_revisions();
  const Finished upgrade = project.run({"upgrade", "--role", "owner_of_all"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_THAT(project.database().rows("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"),
              ElementsAre("owner_of_all"));
  EXPECT_THAT(project.database().rows("SELECT DISTINCT role || ' ' || login FROM slipway_journal"),
              ElementsAre("owner_of_all postgres"));
  project.database().execute("DROP OWNED BY owner_of_all; DROP ROLE owner_of_all");
}

TEST(Upgrade, ARoleThatMayNotCreateTheLedgerIsToldSo) {
  Project project;
  project.database().execute("CREATE ROLE powerless LOGIN PASSWORD 'x'");
  // Servers before 15 let everybody.
  project.database().execute("REVOKE CREATE ON SCHEMA public FROM public");
  project.set("DATABASE_URL", project.database().server().url(project.database().name(), "powerless", "x"));
  project.write_two_revisions();
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 77);
  EXPECT_THAT(upgrade.err, HasSubstr("permission denied for schema public"));
  EXPECT_THAT(upgrade.err, HasSubstr("grant"));
  project.database().execute("DROP ROLE powerless");
}

TEST(Upgrade, UsesAnotherVersionTableAndSchema) {
  Project project;
  project.database().execute("CREATE SCHEMA \"Odd Schema\"");
  project.write_two_revisions();
  const std::vector<std::string> names{"--version-table", "Version's", "--version-schema", "Odd Schema"};
  std::vector<std::string> upgrade{"upgrade"};
  upgrade.insert(upgrade.end(), names.begin(), names.end());
  EXPECT_EQ(project.run(upgrade).exit_code, 0);
  EXPECT_EQ(project.database().value("SELECT version_num FROM \"Odd Schema\".\"Version's\""), "002");
  EXPECT_EQ(project.database().value("SELECT count(*) FROM \"Odd Schema\".\"slipway_journal_Version's\""), "2");
}

TEST(Upgrade, ASchemaThatDoesNotExistIsAnErrorThatSaysSo) {
  Project project;
  project.write_two_revisions();
  const Finished upgrade = project.run({"upgrade", "--version-schema", "nowhere"});
  EXPECT_EQ(upgrade.exit_code, 78);
  EXPECT_THAT(upgrade.err, HasSubstr("the schema 'nowhere' does not exist"));
}

TEST(Upgrade, CopyFromStdinIsRefusedWithAReason) {
  Project project;
  project.write("001_one.sql", "CREATE TABLE t (a int);\nCOPY t FROM STDIN;\n");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 65);
  EXPECT_THAT(upgrade.err, HasSubstr("001_one.sql:3"));
}

TEST(Upgrade, CopyToStdoutAndSelectsAreRunAndDropped) {
  Project project;
  project.write("001_one.sql",
                "SELECT * FROM generate_series(1, 10000);\nCOPY (SELECT generate_series(1, 10000)) TO STDOUT;\n"
                "CREATE TABLE one ();");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_THAT(project.heads(), ElementsAre("001"));
}

TEST(Upgrade, AScriptThatEndsInACommentIsRecorded) {
  Project project;
  project.write("001_one.sql", "CREATE TABLE one () -- the end");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
  EXPECT_THAT(project.heads(), ElementsAre("001"));
}

// The server parses the whole message first, so that not even BEGIN has run.
TEST(Upgrade, ASyntaxErrorIsShownAndNothingElse) {
  Project project;
  project.write_two_revisions();
  project.write("003_typo.sql", "SELECT 1;\nCREATE TABEL three (id int);");
  const Finished finished = project.run({"upgrade"});
  EXPECT_EQ(finished.exit_code, 73) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("migrations/003_typo.sql:"));
  EXPECT_THAT(finished.err, HasSubstr("syntax error at or near \"TABEL\""));
  EXPECT_THAT(finished.err, Not(HasSubstr("transaction in progress")));
  EXPECT_THAT(project.heads(), ElementsAre("002"));
}

TEST(Upgrade, AConstraintThatFailsAtCommitLeavesNothing) {
  Project project;
  project.write(
      "001_one.sql",
      "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (a int REFERENCES a DEFERRABLE INITIALLY DEFERRED);\n"
      "INSERT INTO b VALUES (1);");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 73);
  EXPECT_THAT(upgrade.err, HasSubstr("violates foreign key constraint"));
  EXPECT_EQ(project.database().value("SELECT to_regclass('alembic_version') IS NULL"), "t");
}

TEST(Upgrade, AnUnknownTargetNamesTheNearest) {
  Project project;
  project.write("0001_one.sql", "SELECT 1;");
  project.write("0002_two.sql", "SELECT 1;");
  const Finished upgrade = project.run({"upgrade", "0012"});
  EXPECT_EQ(upgrade.exit_code, 64);
  EXPECT_THAT(upgrade.err, HasSubstr("0002"));
}

TEST(Upgrade, AMissingFolderIsAnError) {
  Project project;
  const Finished upgrade = project.run({"upgrade", "--migrations", "no/such/folder"});
  EXPECT_EQ(upgrade.exit_code, 65);
  EXPECT_THAT(upgrade.err, HasSubstr("no/such/folder"));
}

TEST(Downgrade, UndoesTheLastRevisionByDefault) {
  Project project;
  project.write_two_revisions();
  project.run({"upgrade"});
  const Finished downgrade = project.run({"downgrade"});
  EXPECT_EQ(downgrade.exit_code, 0) << downgrade.err;
  EXPECT_THAT(project.heads(), ElementsAre("001"));
  EXPECT_EQ(project.database().value("SELECT to_regclass('two') IS NULL"), "t");
  EXPECT_THAT(project.journal(), ElementsAre("001 upgrade done", "002 upgrade done", "002 downgrade done"));
}

TEST(Downgrade, TakesADownwardSelectorWithoutDashes) {
  Project project;
  project.write_two_revisions();
  project.run({"upgrade"});
  EXPECT_EQ(project.run({"downgrade", "-2", "--log-level", "warning"}).exit_code, 0);
  EXPECT_THAT(project.heads(), IsEmpty());
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
  EXPECT_EQ(project.run({"downgrade", "base"}).exit_code, 0);
  EXPECT_THAT(project.heads(), IsEmpty());
}

TEST(Downgrade, ARevisionWithoutADowngradeIsRefusedBeforeAnythingRuns) {
  Project project;
  project.write_file("migrations/001_one.sql", "-- migrate:up\nCREATE TABLE one ();\n");
  project.write("002_two.sql", "CREATE TABLE two ();", "DROP TABLE two;");
  project.run({"upgrade"});
  const Finished downgrade = project.run({"downgrade", "base"});
  EXPECT_EQ(downgrade.exit_code, 65);
  EXPECT_THAT(downgrade.err, HasSubstr("migrate:down"));
  EXPECT_THAT(project.heads(), ElementsAre("002"));
}

}  // namespace
}  // namespace slipway::fixture
