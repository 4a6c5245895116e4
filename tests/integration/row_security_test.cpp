#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/project.h"
#include "integration/role.h"

// Row-level security on the ledger's tables hides rows without a word. Whoever can't see all of them runs nothing, and
// is told why: a hidden row is not a revision that never ran.

namespace slipway::fixture {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

using Command = std::vector<std::string>;

class RowSecurity : public testing::Test {
 protected:
  // 001 and 002 have run by the superuser. 002 and 003 count their effects in `credits`, 003 without a transaction.
  RowSecurity() {
    project.write("001_credits.sql", "CREATE TABLE credits (who text);", "DROP TABLE credits;");
    project.write("002_grant.sql", "INSERT INTO credits VALUES ('002');", "SELECT 1;", "transaction:false");
    run({"upgrade"});
    execute("GRANT ALL ON SCHEMA public TO " + role.name() + "; GRANT ALL ON ALL TABLES IN SCHEMA public TO " +
            role.name());
    project.set("DATABASE_URL", role.url());
  }

  void add_third() {
    project.write("003_more.sql", "INSERT INTO credits VALUES ('003');", "DELETE FROM credits WHERE who = '003';",
                  "transaction:false");
  }
  void add_fourth() {
    project.write("004_last.sql", "INSERT INTO credits VALUES ('004');", "DELETE FROM credits WHERE who = '004';");
  }

  void run(const Command& command) {
    const Finished finished = project.run(command);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
  }
  void execute(const std::string& sql) { project.database().execute(sql); }
  std::vector<std::string> credits() { return project.database().rows("SELECT who FROM credits ORDER BY 1"); }
  std::string with_role(const std::string& sql) {
    std::string text = sql;
    for (std::size_t at = text.find("@role"); at != std::string::npos; at = text.find("@role"))
      text.replace(at, 5, role.name());
    return text;
  }

  Project project;
  Role role{project.database()};
};

const std::array hiding{
    std::string{"ALTER TABLE alembic_version ENABLE ROW LEVEL SECURITY"},
    std::string{"ALTER TABLE slipway_journal ENABLE ROW LEVEL SECURITY"},
    // A policy that shows some rows, one for somebody else, and one that takes away what another shows.
    std::string{"ALTER TABLE alembic_version ENABLE ROW LEVEL SECURITY; CREATE POLICY a_few ON alembic_version USING "
                "(version_num > '002')"},
    std::string{"ALTER TABLE alembic_version ENABLE ROW LEVEL SECURITY; CREATE POLICY theirs ON alembic_version TO "
                "postgres USING (true)"},
    std::string{
        "ALTER TABLE alembic_version ENABLE ROW LEVEL SECURITY; CREATE POLICY all_rows ON alembic_version USING "
        "(true); CREATE POLICY less ON alembic_version AS RESTRICTIVE USING (version_num > '002')"},
};

TEST_F(RowSecurity, WhoCannotSeeAllRowsRunsNothing) {
  add_third();
  for (const std::string& sql : hiding) {
    execute(sql);
    for (const Command& command : std::vector<Command>{{"upgrade"},
                                                       {"upgrade", "--dry-run"},
                                                       {"downgrade"},
                                                       {"run", "--", "/bin/true"},
                                                       {"stamp", "003"},
                                                       {"stamp", "003", "--purge"},
                                                       {"accept", "002"},
                                                       {"resolve", "003", "--retry"},
                                                       {"ensure-version"},
                                                       {"check"},
                                                       {"current"},
                                                       {"history", "-i"},
                                                       {"wait", "--for", "head", "--wait-timeout", "0"}}) {
      const Finished refused = project.run(command);
      EXPECT_EQ(refused.exit_code, 77) << command.front() << sql << refused.err;
      EXPECT_THAT(refused.err, HasSubstr("row-level security hides the rows of public."));
      EXPECT_THAT(refused.err, HasSubstr("from role " + role.name()));
      EXPECT_THAT(refused.err, HasSubstr("BYPASSRLS"));
    }
    const Finished health = project.run({"health"});
    EXPECT_EQ(health.exit_code, 1);
    EXPECT_THAT(health.err, HasSubstr("row-level security hides the rows"));
    execute(
        "DROP POLICY IF EXISTS a_few ON alembic_version; DROP POLICY IF EXISTS theirs ON alembic_version; DROP POLICY "
        "IF "
        "EXISTS all_rows ON alembic_version; DROP POLICY IF EXISTS less ON alembic_version; ALTER TABLE "
        "alembic_version "
        "DISABLE ROW LEVEL SECURITY; ALTER TABLE slipway_journal DISABLE ROW LEVEL SECURITY");
  }
  EXPECT_THAT(credits(), ElementsAre("002"));
  run({"upgrade"});
  EXPECT_THAT(credits(), ElementsAre("002", "003"));
}

TEST_F(RowSecurity, ItsForceOnTheOwnerIsNamed) {
  execute(
      with_role("ALTER TABLE alembic_version OWNER TO @role; ALTER TABLE alembic_version ENABLE ROW LEVEL SECURITY"));
  run({"upgrade"});
  execute("ALTER TABLE alembic_version FORCE ROW LEVEL SECURITY");
  const Finished refused = project.run({"upgrade"});
  EXPECT_EQ(refused.exit_code, 77) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("ALTER TABLE public.alembic_version NO FORCE ROW LEVEL SECURITY"));
  EXPECT_THAT(credits(), ElementsAre("002"));
}

TEST_F(RowSecurity, DoesNotMatterToWhoSeesAllRows) {
  execute(
      "ALTER TABLE alembic_version ENABLE ROW LEVEL SECURITY; ALTER TABLE slipway_journal ENABLE ROW LEVEL SECURITY");
  const std::string policies = with_role(
      "CREATE POLICY all_rows ON alembic_version TO @role USING (true) WITH CHECK (true); CREATE POLICY all_rows ON "
      "slipway_journal TO @role USING (true) WITH CHECK (true)");
  const std::string bypass = with_role("ALTER ROLE @role BYPASSRLS");
  for (const std::string& sql : {bypass, with_role("ALTER ROLE @role NOBYPASSRLS;") + policies}) {
    execute(sql);
    add_third();
    add_fourth();
    run({"upgrade"});
    EXPECT_THAT(credits(), ElementsAre("002", "003", "004"));
    run({"upgrade"});
    run({"health"});
    run({"check"});
    run({"wait", "--for", "head"});
    run({"downgrade", "002"});
    EXPECT_THAT(credits(), ElementsAre("002"));
    EXPECT_EQ(project.run({"current"}).out, "002\n");
    run({"stamp", "004"});
    run({"stamp", "002"});
  }
}

// Its rows are all seen, but an UPDATE passes over them in silence.
TEST_F(RowSecurity, AWriteThatAPolicySwallowsUndoesTheRevision) {
  execute(
      "ALTER TABLE alembic_version ENABLE ROW LEVEL SECURITY; CREATE POLICY seen ON alembic_version FOR SELECT USING "
      "(true); CREATE POLICY added ON alembic_version FOR INSERT WITH CHECK (true)");
  add_fourth();
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 65) << upgrade.err;
  EXPECT_THAT(upgrade.err, HasSubstr("do not contain what slipway wrote"));
  EXPECT_EQ(project.run({"stamp", "004"}).exit_code, 65);
  EXPECT_THAT(credits(), ElementsAre("002"));
  EXPECT_THAT(project.heads(), ElementsAre("002"));
}

// Of the script without a transaction each statement's record is made sure of before it commits.
TEST_F(RowSecurity, AJournalThatSwallowsUpdatesStopsAScriptWithoutATransaction) {
  execute(
      "ALTER TABLE slipway_journal ENABLE ROW LEVEL SECURITY; CREATE POLICY seen ON slipway_journal FOR SELECT USING "
      "(true); CREATE POLICY added ON slipway_journal FOR INSERT WITH CHECK (true)");
  add_third();
  for (int tries = 0; tries < 2; ++tries)
    EXPECT_EQ(project.run({"upgrade"}).exit_code, 65);
  EXPECT_THAT(credits(), ElementsAre("002"));
  project.write("003_more.sql", "BEGIN;\nINSERT INTO credits VALUES ('003');\nCOMMIT;", "SELECT 1;",
                "transaction:false");
  EXPECT_NE(project.run({"upgrade"}).exit_code, 0);
  EXPECT_THAT(credits(), ElementsAre("002"));
}

TEST_F(RowSecurity, ATriggerThatSwallowsAnUpdateUndoesTheRevision) {
  project.set("DATABASE_URL", project.database().url());
  execute(
      "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER nothing "
      "BEFORE UPDATE OR DELETE ON alembic_version FOR EACH ROW EXECUTE FUNCTION nothing()");
  add_fourth();
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 65);
  EXPECT_EQ(project.run({"downgrade"}).exit_code, 65);
  EXPECT_THAT(credits(), ElementsAre("002"));
  EXPECT_THAT(project.heads(), ElementsAre("002"));
}

TEST_F(RowSecurity, ThatAScriptTurnsOnAgainstItsOwnRoleUndoesTheScript) {
  execute(with_role("ALTER TABLE alembic_version OWNER TO @role"));
  project.write(
      "003_secure.sql",
      "INSERT INTO credits VALUES ('003');\nALTER TABLE alembic_version ENABLE ROW LEVEL SECURITY;\nALTER TABLE "
      "alembic_version FORCE ROW LEVEL SECURITY;");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 77);
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 77);
  EXPECT_THAT(credits(), ElementsAre("002"));
}

// As the scripts that Alembic prints do.
TEST_F(RowSecurity, AScriptThatMovesTheVersionTableItselfIsAsGood) {
  project.write("003_moves.sql", "UPDATE alembic_version SET version_num = '003' WHERE version_num = '002';");
  run({"upgrade"});
  EXPECT_THAT(project.heads(), ElementsAre("003"));
}

// The ledger's setting is not the script's.
TEST_F(RowSecurity, AScriptReadsThroughPoliciesAsItsRoleDoes) {
  execute(
      "ALTER TABLE credits ENABLE ROW LEVEL SECURITY; CREATE POLICY few ON credits USING (who > '002') WITH CHECK "
      "(true)");
  project.write("003_reads.sql", "INSERT INTO credits SELECT '003 ' || count(*) FROM credits;");
  project.write("004_reads.sql", "SELECT 1;\nINSERT INTO credits SELECT '004 ' || count(*) FROM credits;", "SELECT 1;",
                "transaction:false");
  run({"upgrade"});
  EXPECT_THAT(credits(), ElementsAre("002", "003 0", "004 1"));
}

TEST_F(RowSecurity, AScriptForPsqlRunsNothingEither) {
  add_third();
  add_fourth();
  execute("ALTER TABLE alembic_version ENABLE ROW LEVEL SECURITY");
  for (const Command& command : std::vector<Command>{{"upgrade", "--sql"}, {"upgrade", "002:head", "--sql"}}) {
    const auto script = project.folder() / "script.sql";
    project.write_file("script.sql", project.run(command).out);
    const Finished psql = fixture::run("/usr/bin/psql", {"-X", "-q", "-d", role.url(), "-f", script.string()});
    EXPECT_EQ(psql.exit_code, 3) << psql.err;
    EXPECT_THAT(psql.err, HasSubstr("row-level security policy for table \"alembic_version\""));
  }
  EXPECT_THAT(credits(), ElementsAre("002"));
}

TEST_F(RowSecurity, ARightThatIsMissingIsNotTakenForIt) {
  execute(with_role("REVOKE SELECT ON alembic_version FROM @role"));
  const Finished table = project.run({"upgrade"});
  EXPECT_EQ(table.exit_code, 77) << table.err;
  EXPECT_THAT(table.err, HasSubstr("permission denied for table alembic_version"));
  EXPECT_THAT(table.err, Not(HasSubstr("row-level security")));
  execute(with_role(
      "GRANT SELECT ON alembic_version TO @role; REVOKE SELECT ON slipway_journal FROM @role; GRANT SELECT (id, "
      "revision) ON slipway_journal TO @role"));
  const Finished columns = project.run({"upgrade"});
  EXPECT_EQ(columns.exit_code, 77) << columns.err;
  EXPECT_THAT(columns.err, HasSubstr("permission denied for table slipway_journal"));
}

}  // namespace
}  // namespace slipway::fixture
