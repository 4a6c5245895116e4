#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/project.h"

// Where the folder and the ledger disagree: scripts edited after they ran, revisions behind the head, a database ahead.

namespace slipway::fixture {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(Checksums, AnEditedScriptIsAnErrorThatSaysWhatChanged) {
  Project project;
  project.write_two_revisions();
  project.run({"upgrade"});
  project.write("002_two.sql", "CREATE TABLE two (id int PRIMARY KEY, more text);\nINSERT INTO audit VALUES ('002');");
  const Finished error = project.run({"upgrade"});
  EXPECT_EQ(error.exit_code, 65);
  EXPECT_THAT(error.err, HasSubstr("migrations/002_two.sql): one of its statements was changed"));
  EXPECT_THAT(error.err, HasSubstr("slipway accept 002"));

  const Finished warn = project.run({"upgrade", "--checksums", "warn"});
  EXPECT_EQ(warn.exit_code, 0);
  EXPECT_THAT(warn.err, HasSubstr("warning 002"));
  const Finished ignore = project.run({"upgrade", "--checksums", "ignore"});
  EXPECT_EQ(ignore.exit_code, 0);
  EXPECT_THAT(ignore.err, Not(HasSubstr("one of its statements")));

  EXPECT_EQ(project.run({"accept", "002"}).exit_code, 0);
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
}

TEST(Checksums, AnAddedStatementIsCounted) {
  Project project;
  project.write_two_revisions();
  project.run({"upgrade"});
  project.write("002_two.sql", "CREATE TABLE two (id int PRIMARY KEY);\nINSERT INTO audit VALUES ('002');\nSELECT 1;");
  EXPECT_THAT(project.run({"upgrade"}).err, HasSubstr("it has 3 statements now, but had 2 when it ran"));
}

TEST(Checksums, CommentsWhiteSpaceAndDowngradesDoNotCount) {
  Project project;
  project.write_two_revisions();
  project.run({"upgrade"});
  project.write_file("migrations/002_two.sql",
                     "-- Copyright: us\n-- migrate:up\r\n  create table TWO\n (id int /* key */ primary key);\n"
                     "INSERT INTO audit VALUES ('002');\n-- migrate:down\nDROP TABLE two CASCADE;\n");
  const Finished upgrade = project.run({"upgrade", "--log-level", "debug"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_THAT(upgrade.err, HasSubstr("only comments or white space changed"));
}

TEST(OutOfOrder, ARevisionBehindTheHeadThatNeverRanIsAnError) {
  Project project;
  project.write_two_revisions();
  project.write("004_four.sql", "CREATE TABLE four ();");
  project.run({"upgrade"});
  project.write("003_late.sql", "CREATE TABLE late ();\nINSERT INTO audit VALUES ('003');");
  const Finished refused = project.run({"upgrade"});
  EXPECT_EQ(refused.exit_code, 65);
  EXPECT_THAT(refused.err, HasSubstr("003_late.sql"));
  EXPECT_THAT(refused.err, HasSubstr("--out-of-order"));

  const Finished allowed = project.run({"upgrade", "--out-of-order"});
  EXPECT_EQ(allowed.exit_code, 0) << allowed.err;
  EXPECT_THAT(project.heads(), ElementsAre("004"));
  EXPECT_EQ(project.database().value("SELECT count(*) FROM audit WHERE revision = '003'"), "1");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
}

TEST(OutOfOrder, AcceptRecordsItAsApplied) {
  Project project;
  project.write("001_one.sql", "SELECT 1;");
  project.write("003_three.sql", "SELECT 1;");
  project.run({"upgrade"});
  project.write("002_two.sql", "CREATE TABLE never ();");
  EXPECT_EQ(project.run({"accept", "002"}).exit_code, 0);
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
  EXPECT_EQ(project.database().value("SELECT to_regclass('never') IS NULL"), "t");
}

TEST(Ahead, ADatabaseThatIsAheadIsRefusedUnlessAllowed) {
  Project project;
  project.write_two_revisions();
  project.run({"upgrade"});
  project.remove("migrations/002_two.sql");
  const Finished refused = project.run({"run", "--", "/bin/echo", "started"});
  EXPECT_EQ(refused.exit_code, 65);
  EXPECT_THAT(refused.err, HasSubstr("at revision 002"));
  EXPECT_THAT(refused.err, HasSubstr("check out the branch, that has 002 (`slipway downgrade` goes back there)"));
  EXPECT_THAT(refused.out, Not(HasSubstr("started")));

  const Finished allowed = project.run({"run", "--ahead", "allow", "--", "/bin/echo", "started"});
  EXPECT_EQ(allowed.exit_code, 0) << allowed.err;
  EXPECT_THAT(allowed.out, HasSubstr("started"));
  EXPECT_THAT(allowed.err, HasSubstr("ahead of this migrations folder"));
}

// Somebody has taken the primary key away.
TEST(VersionTable, WithRowsThatCannotBeHeadsIsSaidToBeWrong) {
  struct Wrong {
    std::string row;
    std::string words;
  };
  for (const auto& [row, words] :
       {Wrong{"'001'", "has two rows for revision 001"}, Wrong{"''", "has a row with an empty text for a revision id"},
        Wrong{"NULL", "has a row with NULL for a revision id"}}) {
    Project project;
    project.write_two_revisions();
    ASSERT_EQ(project.run({"upgrade", "001"}).exit_code, 0);
    project.database().execute(
        "ALTER TABLE alembic_version DROP CONSTRAINT alembic_version_pkc, ALTER COLUMN version_num DROP NOT NULL; "
        "INSERT "
        "INTO alembic_version VALUES (" +
        row + ")");
    for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{{"upgrade"},
                                                                                         {"downgrade"},
                                                                                         {"current"},
                                                                                         {"check"},
                                                                                         {"health"},
                                                                                         {"stamp", "002"},
                                                                                         {"accept", "001"},
                                                                                         {"wait", "--for", "head"}}) {
      const Finished refused = project.run(command);
      EXPECT_EQ(refused.exit_code, 65) << refused.err;
      EXPECT_THAT(refused.err, HasSubstr("the version table public.alembic_version " + words));
      EXPECT_THAT(refused.err, HasSubstr("slipway stamp --purge"));
    }
    EXPECT_EQ(project.run({"stamp", "--purge", "001"}).exit_code, 0);
    EXPECT_THAT(project.heads(), ElementsAre("001"));
    EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
    EXPECT_THAT(project.database().rows("SELECT revision FROM audit ORDER BY 1"), ElementsAre("001", "002"));
  }
}

TEST(VersionTable, ThatIsNoneIsNamed) {
  for (const std::string definition :
       {"CREATE TABLE alembic_version (number int)", "CREATE SEQUENCE alembic_version",
        "CREATE TABLE alembic_version (version_num text); CREATE TABLE slipway_journal (id text)",
        "CREATE VIEW alembic_version AS SELECT (1 / 0)::text AS version_num"}) {
    Project project;
    project.write_two_revisions();
    project.database().execute(definition);
    const Finished upgrade = project.run({"upgrade"});
    EXPECT_EQ(upgrade.exit_code, 65) << upgrade.err;
    EXPECT_THAT(upgrade.err, HasSubstr("can't read the ledger ("));
    EXPECT_THAT(upgrade.err, HasSubstr("check --version-table and --version-schema"));
  }
}

TEST(VersionTable, ThatALimitOfTheRolesKeepsFromBeingReadIsTriedAgainLater) {
  Project project;
  project.write_two_revisions();
  ASSERT_EQ(project.run({"upgrade"}).exit_code, 0);
  project.database().execute("ALTER DATABASE " + project.database().name() + " SET statement_timeout = '200ms'");
  const auto other = project.database().connect();
  pqxx::work holder{*other};
  holder.exec("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE");
  const Finished current = project.run({"current"});
  EXPECT_EQ(current.exit_code, 75) << current.err;
  EXPECT_THAT(current.err, HasSubstr("statement_timeout"));
}

TEST(VersionTable, ThatStaysLockedHoldsNobodyUpForEver) {
  Project project;
  project.write_two_revisions();
  ASSERT_EQ(project.run({"upgrade"}).exit_code, 0);
  const auto other = project.database().connect();
  pqxx::work holder{*other};
  holder.exec("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE");
  const Finished health = project.run({"health", "--connect-timeout", "300ms"});
  EXPECT_EQ(health.exit_code, 1);
  EXPECT_THAT(health.err, HasSubstr("another session keeps it locked"));
  EXPECT_EQ(project.run({"wait", "--for", "head", "--wait-timeout", "300ms"}).exit_code, 75);
  EXPECT_EQ(project.run({"upgrade", "--lock-wait", "300ms"}).exit_code, 75);
}

TEST(EmptyScript, IsWarnedOf) {
  Project project;
  project.write("001_one.sql", "CREATE TABLE one ();", "-- to be written");
  project.write("002_two.sql", "");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_THAT(upgrade.err, HasSubstr("002 two has no statements under its migrate:up"));
  EXPECT_THAT(upgrade.err, Not(HasSubstr("001 one has no statements")));
  const Finished downgrade = project.run({"downgrade", "base"});
  EXPECT_EQ(downgrade.exit_code, 0) << downgrade.err;
  EXPECT_THAT(downgrade.err,
              HasSubstr("001 one has no statements under its migrate:down: what its upgrade made stays"));
  EXPECT_THAT(downgrade.err, Not(HasSubstr("002 two has no statements")));
}

TEST(DryRun, OfADowngradeThatCantBeDoneSaysSo) {
  Project project;
  project.write_file("migrations/001_one.sql", "-- migrate:up\nCREATE TABLE one ();\n");
  ASSERT_EQ(project.run({"upgrade"}).exit_code, 0);
  const Finished downgrade = project.run({"downgrade", "--dry-run"});
  EXPECT_EQ(downgrade.exit_code, 65);
  EXPECT_THAT(downgrade.err, HasSubstr("has no migrate:down, so it can't be undone"));
}

// A volume that is not mounted, or another tool's folder with a subfolder for each migration: nothing would be pending.
TEST(EmptyFolder, IsAnErrorForWhateverWouldDoNothing) {
  Project project;
  project.write_two_revisions();
  ASSERT_EQ(project.run({"upgrade"}).exit_code, 0);
  project.remove("migrations/001_one.sql");
  project.remove("migrations/002_two.sql");
  project.write_file("migrations/20240101000000_init/migration.sql", "CREATE TABLE one ();");
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"run", "--", "/bin/echo", "started"},
                                             {"upgrade"},
                                             {"upgrade", "--dry-run"},
                                             {"upgrade", "--sql"},
                                             {"downgrade", "base"},
                                             {"stamp", "heads"},
                                             {"check"},
                                             {"check", "--offline"},
                                             {"current", "--check-heads"},
                                             {"wait", "--for", "head"},
                                             {"health"}}) {
    const Finished finished = project.run(command);
    EXPECT_EQ(finished.exit_code, 65) << command.front() << finished.err;
    EXPECT_THAT(finished.err, HasSubstr("subfolders such as 20240101000000_init are not searched"));
    EXPECT_THAT(finished.err, HasSubstr("--allow-empty"));
    EXPECT_EQ(finished.out, "");
  }
  EXPECT_THAT(project.heads(), ElementsAre("002"));
}

TEST(EmptyFolder, IsTakenAsItIsWhereThatIsMeant) {
  Project project;
  project.write_file("migrations/README.md", "");
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"run", "--allow-empty", "--", "/bin/echo", "started"},
                                             {"upgrade", "--allow-empty"},
                                             {"check", "--allow-empty=true"},
                                             {"health", "--allow-empty"}})
    EXPECT_EQ(project.run(command).exit_code, 0) << command.front();
  project.set("SLIPWAY_ALLOW_EMPTY", "1");
  EXPECT_EQ(project.run({"run", "--", "/bin/echo", "started"}).out, "started\n");
  EXPECT_EQ(project.run({"upgrade", "--allow-empty=no"}).exit_code, 65);
}

TEST(EmptyFolder, IsNoErrorForWhatNeedsNoMigration) {
  Project project;
  project.write_file("migrations/README.md", "");
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"run", "--no-migrate", "--", "/bin/true"},
                                             {"run", "--migrate-with", "true", "--", "/bin/true"},
                                             {"wait"},
                                             {"health", "--for", "connection"},
                                             {"current"},
                                             {"history"},
                                             {"heads"},
                                             {"ensure-version"},
                                             {"create", "the first one"}})
    EXPECT_EQ(project.run(command).exit_code, 0) << command.front();
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
}

}  // namespace
}  // namespace slipway::fixture
