#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/project.h"

// A database goes from the real Alembic to slipway and back, with the same revision ids.

namespace slipway::fixture {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Handover : public testing::Test {
 protected:
  Handover() {
    project.write_two_revisions();
    project.write("003_three.sql", "CREATE TABLE three ();\nINSERT INTO audit VALUES ('003');", "DROP TABLE three;");
    project.write("004_four.sql", "CREATE TABLE four ();\nINSERT INTO audit VALUES ('004');", "DROP TABLE four;");
    project.write_file("alembic.ini", "[alembic]\nscript_location = alembic\n");
    project.write_file("alembic/env.py",
                       "import os\nfrom alembic import context\nfrom sqlalchemy import create_engine\n"
                       "engine = create_engine(os.environ['DATABASE_URL'])\n"
                       "with engine.connect() as connection:\n"
                       "    context.configure(connection=connection)\n"
                       "    with context.begin_transaction():\n"
                       "        context.run_migrations()\n");
    add_script("001", "None", "CREATE TABLE audit (revision text); CREATE TABLE one (id int PRIMARY KEY)",
               "DROP TABLE one; DROP TABLE audit");
    add_script("002", "'001'", "CREATE TABLE two (id int PRIMARY KEY)", "DROP TABLE two");
    add_script("003", "'002'", "CREATE TABLE three ()", "DROP TABLE three");
    add_script("004", "'003'", "CREATE TABLE four ()", "DROP TABLE four");
  }

  void add_script(const std::string& id, const std::string& parent, const std::string& up, const std::string& down) {
    project.write_file("alembic/versions/" + id + ".py",
                       "from alembic import op\nrevision = '" + id + "'\ndown_revision = " + parent +
                           "\ndef upgrade():\n    op.execute(\"\"\"" + up + "; INSERT INTO audit VALUES ('" + id +
                           "')\"\"\")\ndef downgrade():\n    op.execute(\"\"\"" + down + "\"\"\")\n");
  }

  Finished alembic(const std::vector<std::string>& arguments) {
    std::vector<std::string> all{"-m", "alembic.config"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run("/usr/bin/python3", all,
               {.environment = {{"DATABASE_URL", project.database().url()}, {"PYTHONDONTWRITEBYTECODE", "1"}},
                .folder = project.folder(),
                .blocked_signals = {}});
  }

  Project project;
};

TEST_F(Handover, SlipwayGoesOnWhereAlembicStopped) {
  const Finished alembic_run = alembic({"upgrade", "002"});
  ASSERT_EQ(alembic_run.exit_code, 0) << alembic_run.err;
  EXPECT_EQ(project.run({"current"}).out, "002\n");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_THAT(project.heads(), ElementsAre("004"));
  EXPECT_THAT(project.journal(),
              ElementsAre("001 adopt done", "002 adopt done", "003 upgrade done", "004 upgrade done"));
  EXPECT_THAT(project.database().rows("SELECT revision FROM audit ORDER BY 1"),
              ElementsAre("001", "002", "003", "004"));
}

TEST_F(Handover, AlembicGoesOnWhereSlipwayStoppedAndBack) {
  ASSERT_EQ(project.run({"upgrade", "002"}).exit_code, 0);
  EXPECT_THAT(alembic({"current"}).out, HasSubstr("002"));
  ASSERT_EQ(alembic({"upgrade", "head"}).exit_code, 0);
  const Finished at_head = project.run({"upgrade"});
  EXPECT_EQ(at_head.exit_code, 0) << at_head.err;
  ASSERT_EQ(alembic({"downgrade", "-1"}).exit_code, 0);
  EXPECT_EQ(project.run({"current"}).out, "003\n");
  ASSERT_EQ(project.run({"upgrade"}).exit_code, 0);
  EXPECT_THAT(project.journal(),
              ElementsAre("001 upgrade done", "002 upgrade done", "003 adopt done", "004 upgrade done"));
  ASSERT_EQ(project.run({"downgrade", "base"}).exit_code, 0);
  EXPECT_EQ(alembic({"current"}).out, "");
}

TEST_F(Handover, TheVersionTableIsTheSameToTheLetter) {
  const std::string definition =
      "SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' ' || "
      "c.conname || ' ' "
      "|| pg_get_constraintdef(c.oid), ',') FROM pg_attribute a, pg_constraint c WHERE a.attrelid = "
      "'alembic_version'::regclass "
      "AND a.attnum > 0 AND c.conrelid = a.attrelid";
  ASSERT_EQ(project.run({"upgrade"}).exit_code, 0);
  const std::string ours = project.database().value(definition);
  project.database().execute("DROP TABLE alembic_version, slipway_journal, four, three, two, one, audit");
  ASSERT_EQ(alembic({"upgrade", "head"}).exit_code, 0);
  EXPECT_EQ(ours, project.database().value(definition));
}

}  // namespace
}  // namespace slipway::fixture
