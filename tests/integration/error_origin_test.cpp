#include <string>

#include <gmock/gmock.h>
#include <signal.h>

#include "integration/project.h"

// An error is told by the statement that raised it: a script's own is 73 whatever its SQLSTATE, and what stands in the
// way of the ledger is not blamed on the script.

namespace slipway::fixture {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

enum class Kind { in_transaction, without };

class Raised : public testing::TestWithParam<std::tuple<std::string, Kind>> {};

// As a function or a trigger of the user's may, with words of slipway's own.
TEST_P(Raised, ByAScriptIsItsFailureWhateverTheSqlstate) {
  const auto& [sqlstate, kind] = GetParam();
  Project project;
  project.write(
      "001_raise.sql",
      "CREATE TABLE t (id int);\nDO $$ BEGIN RAISE EXCEPTION 'slipway: locked by another session, slipway: moved "
      "by another session' USING ERRCODE = '" +
          sqlstate + "'; END $$;",
      "SELECT 1;", kind == Kind::without ? "transaction:false" : "");
  const Finished upgrade = project.run({"upgrade", "--lock-wait", "2s"});
  EXPECT_EQ(upgrade.exit_code, 73) << upgrade.err;
  EXPECT_THAT(upgrade.err, HasSubstr("001_raise.sql:3: "));
  for (const char* const wrong :
       {"connection was lost", "trying again", "grant the privilege", "server's log", "internal error"})
    EXPECT_THAT(upgrade.err, Not(HasSubstr(wrong)));
}

INSTANTIATE_TEST_SUITE_P(Sqlstates, Raised,
                         testing::Combine(testing::Values("0A000", "25006", "22023", "42704", "42501", "55P03", "57014",
                                                          "58P01", "53100", "53200", "53300", "58000", "58030", "40001",
                                                          "40P01", "22P02", "57P01", "08006"),
                                          testing::Values(Kind::in_transaction, Kind::without)),
                         [](const auto& info) {
                           return std::get<0>(info.param) +
                                  (std::get<1>(info.param) == Kind::without ? "_without" : "_in_transaction");
                         });

TEST(ErrorOrigin, AnErrorOfTheGrammarIsNoStandby) {
  for (const std::string options : {"", "transaction:false"}) {
    Project project;
    project.write("001_orders.sql", "CREATE TABLE orders (number int);");
    project.write("002_unique.sql", "SELECT 1;\nALTER TABLE orders ADD CONSTRAINT u UNIQUE (number) NOT VALID;",
                  "SELECT 1;", options);
    const Finished upgrade = project.run({"upgrade"});
    EXPECT_EQ(upgrade.exit_code, 73) << upgrade.err;
    EXPECT_THAT(upgrade.err, HasSubstr("002_unique.sql:3: "));
    EXPECT_THAT(upgrade.err, HasSubstr("cannot be marked NOT VALID"));
    EXPECT_THAT(upgrade.err, HasSubstr("\n  ALTER TABLE orders"));
  }
}

TEST(ErrorOrigin, AFileThatAScriptNamesIsTheScripts) {
  Project project;
  project.write("001_copy.sql", "CREATE TABLE t (a text);\nCOPY t FROM '/does/not/exist';");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 73) << upgrade.err;
  EXPECT_THAT(upgrade.err, HasSubstr("001_copy.sql:3: "));
  EXPECT_THAT(upgrade.err, HasSubstr("hint: correct the script"));
}

TEST(ErrorOrigin, ADeferredConstraintIsTheScripts) {
  Project project;
  project.write(
      "001_deferred.sql",
      "CREATE TABLE p (id int PRIMARY KEY);\nCREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED);\n"
      "INSERT INTO c VALUES (1);");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 73) << upgrade.err;
  EXPECT_THAT(upgrade.err, HasSubstr("violates foreign key constraint"));
}

TEST(ErrorOrigin, ATriggerThatRefusesTheLedgersTablesIsNamed) {
  Project project;
  project.write_two_revisions();
  project.database().execute(
      "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not here'; END $$; "
      "CREATE EVENT TRIGGER refuse ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION refuse()");
  for (const std::string command : {"upgrade", "ensure-version"}) {
    const Finished finished = project.run({command});
    EXPECT_EQ(finished.exit_code, 78) << finished.err;
    EXPECT_THAT(finished.err, HasSubstr("can't create the ledger's tables: not here"));
    EXPECT_THAT(finished.err, HasSubstr("--version-schema"));
  }
}

TEST(ErrorOrigin, ATriggerThatRefusesAWriteOfTheLedgerIsNotBlamedOnTheScript) {
  Project project;
  project.write_two_revisions();
  ASSERT_EQ(project.run({"upgrade", "001"}).exit_code, 0);
  project.database().execute(
      "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'frozen'; END $$; "
      "CREATE TRIGGER refuse BEFORE UPDATE ON alembic_version FOR EACH ROW EXECUTE FUNCTION refuse()");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 78) << upgrade.err;
  EXPECT_THAT(upgrade.err, HasSubstr("can't write the ledger: frozen"));
  EXPECT_THAT(upgrade.err, Not(HasSubstr("002_two.sql")));
  EXPECT_THAT(project.heads(), ElementsAre("001"));
}

TEST(ErrorOrigin, ABlockThatCommitsIsToldToRunWithoutATransaction) {
  Project project;
  project.write("001_block.sql", "CREATE TABLE t (i int);\nDO $$ BEGIN INSERT INTO t VALUES (1); COMMIT; END $$;");
  const Finished block = project.run({"upgrade"});
  EXPECT_EQ(block.exit_code, 73) << block.err;
  EXPECT_THAT(block.err, HasSubstr("add transaction:false to the marker"));
  project.write("001_block.sql", "SELECT 1;\nSET TRANSACTION ISOLATION LEVEL SERIALIZABLE;");
  const Finished isolation = project.run({"upgrade"});
  EXPECT_EQ(isolation.exit_code, 73) << isolation.err;
  EXPECT_THAT(isolation.err, Not(HasSubstr("transaction:false")));
  EXPECT_THAT(isolation.err, HasSubstr("READ COMMITTED"));
}

// A database of another encoding than UTF8.
class Latin1 : public testing::Test {
 protected:
  Latin1() {
    project.database().execute("CREATE DATABASE " + name +
                               " ENCODING latin1 TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
    project.set("DATABASE_URL", project.database().server().url(name));
  }
  ~Latin1() override { project.database().execute("DROP DATABASE " + name + " WITH (FORCE)"); }

  std::string value(const std::string& query) const {
    pqxx::connection connection{project.database().server().own_url(name)};
    pqxx::work work{connection};
    return work.exec1(query)[0].as<std::string>();
  }

  Project project;
  std::string name = project.database().name() + "_latin1";
};

TEST_F(Latin1, AMessageAndCommentsNeverFailAMigration) {
  for (const std::string options : {"", " transaction:false"}) {
    const std::string id = options.empty() ? "001" : "002";
    std::string text = "-- Users — first\n-- migrate:up";
    text += options;
    text += "\nCREATE TABLE users" + id;
    text += " (name text DEFAULT 'ä');\n-- old → new\nSELECT 1; /* → */\n";
    text += "-- migrate:down\n-- →\nSELECT 1;\n";
    project.write_file("migrations/" + id + "_users.sql", text);
  }
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_EQ(value("SELECT message FROM slipway_journal ORDER BY id LIMIT 1"), "Users ? first");
  EXPECT_EQ(
      value("SELECT ascii(column_default::text::bytea::text) > 0 FROM information_schema.columns WHERE table_name "
            "= 'users001'"),
      "t");
  EXPECT_EQ(project.run({"downgrade", "base"}).exit_code, 0);
}

TEST_F(Latin1, ACharacterWithoutAPlaceIsNamedWithItsLine) {
  for (const std::string options : {"", "transaction:false"}) {
    project.write("001_arrow.sql", "CREATE TABLE t (a text);\n\nINSERT INTO t VALUES ('a → b');", "SELECT 1;", options);
    const Finished upgrade = project.run({"upgrade"});
    EXPECT_EQ(upgrade.exit_code, 73) << upgrade.err;
    EXPECT_THAT(upgrade.err, HasSubstr("001_arrow.sql:4: "));
    EXPECT_THAT(upgrade.err, HasSubstr("LATIN1"));
    project.database().execute("SELECT 1");
    project.run({"resolve", "001", "--retry"});
  }
}

}  // namespace
}  // namespace slipway::fixture
