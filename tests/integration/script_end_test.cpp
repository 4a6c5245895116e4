#include <string>

#include <gmock/gmock.h>

#include "integration/project.h"

// A script never reaches into what slipway sends behind it, whatever it leaves open at its end.

namespace slipway::fixture {
namespace {

using testing::HasSubstr;
using testing::Not;

struct End {
  std::string name;
  std::string script;
  int line;  // of the script, from 1
  std::string says;
};

void PrintTo(const End& end, std::ostream* out) {
  *out << end.name;
}

enum class Kind { in_transaction, without };
enum class Way { up, down };

class ScriptEnd : public testing::TestWithParam<std::tuple<End, Kind, Way>> {};

TEST_P(ScriptEnd, IsToldWithItsLineAndNothingOfSlipways) {
  const auto& [end, kind, way] = GetParam();
  Project project;
  if (end.name == "atomic_body" && project.database().server().major_version() < 14)
    GTEST_SKIP() << "PostgreSQL 14 brought BEGIN ATOMIC";
  const std::string options = kind == Kind::without ? "transaction:false" : "";
  const std::string good = "CREATE TABLE kept (id int);";
  if (way == Way::up) {
    project.write_file("migrations/001_end.sql", "-- migrate:up " + options + "\n" + end.script + "\n");
  } else {
    project.write_file("migrations/001_end.sql",
                       "-- migrate:up\n" + good + "\n-- migrate:down " + options + "\n" + end.script + "\n");
    ASSERT_EQ(project.run({"upgrade"}).exit_code, 0);
  }
  const Finished finished = way == Way::up ? project.run({"upgrade"}) : project.run({"downgrade", "base"});
  EXPECT_EQ(finished.exit_code, 73) << finished.err;
  const int line = end.line + (way == Way::up ? 1 : 3);
  EXPECT_THAT(finished.err, HasSubstr("migrations/001_end.sql:" + std::to_string(line) + ": "));
  EXPECT_THAT(finished.err, HasSubstr(end.says));
  for (const char* const own : {"slipway_journal", "alembic_version", "SESSION AUTHORIZATION", "SAVEPOINT"})
    EXPECT_THAT(finished.err, Not(HasSubstr(own)));
  EXPECT_THAT(finished.err, Not(HasSubstr("internal error")));
  if (way == Way::down) {
    EXPECT_THAT(project.heads(), testing::ElementsAre("001"));
    return;
  }
  EXPECT_EQ(project.database().value("SELECT count(*) FROM pg_class WHERE relname = 'made'"), "0");
}

const std::string never_closed = "is never closed";
const std::string in_the_middle = "the script ends in the middle of a statement";

INSTANTIATE_TEST_SUITE_P(
    Ends, ScriptEnd,
    testing::Combine(
        testing::Values(End{"string", "SELECT 1;\nSELECT 'a;\n;", 2, never_closed},
                        End{"escape_string", "SELECT 1;\n\nSELECT E'a\\';", 3, never_closed},
                        End{"identifier", "CREATE TABLE \"made (id int);", 1, never_closed},
                        End{"dollar_quote", "SELECT 1;\nDO $$\nBEGIN\nEND $;", 2, never_closed},
                        End{"tagged_dollar_quote", "DO $a$ BEGIN END $A$;\nSELECT 1;", 1, never_closed},
                        End{"comment", "SELECT 1;\n/* one /* two */", 2, never_closed},
                        End{"parenthesis", "SELECT 1;\nCREATE TABLE made (id int", 2, in_the_middle},
                        End{"clause", "SELECT 1;\nCREATE TABLE made (id int) INHERITS\n", 2, in_the_middle},
                        End{"atomic_body", "CREATE FUNCTION f() RETURNS int LANGUAGE sql\nBEGIN ATOMIC\n  SELECT 1;", 3,
                            in_the_middle}),
        testing::Values(Kind::in_transaction, Kind::without), testing::Values(Way::up, Way::down)),
    [](const auto& info) {
      return std::get<0>(info.param).name +
             (std::get<1>(info.param) == Kind::without ? "_without" : "_in_transaction") +
             (std::get<2>(info.param) == Way::up ? "_up" : "_down");
    });

TEST(ScriptEnds, OfALongScriptIsFoundInItsLastPiece) {
  Project project;
  std::string script;
  for (int i = 0; i < 9000; ++i)
    script += "SELECT 'a row of a long script', " + std::to_string(i) + ";\n";
  project.write("001_long.sql", script + "CREATE TABLE made (id int");
  const Finished unfinished = project.run({"upgrade"});
  EXPECT_EQ(unfinished.exit_code, 73) << unfinished.err;
  EXPECT_THAT(unfinished.err, HasSubstr("001_long.sql:9002: "));
  EXPECT_THAT(unfinished.err, HasSubstr(in_the_middle));
  project.write("001_long.sql", script + "SELECT 'open;");
  const Finished open = project.run({"upgrade"});
  EXPECT_EQ(open.exit_code, 73) << open.err;
  EXPECT_THAT(open.err, HasSubstr("001_long.sql:9002: the quoted string that begins here is never closed"));
}

TEST(ScriptEnds, AreToldByCheckAndRefusedAsAScriptForPsql) {
  Project project;
  project.write("001_open.sql", "SELECT 1;\nSELECT 'open;");
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"check", "--offline"}, {"upgrade", "--sql"}}) {
    const Finished finished = project.run(arguments);
    EXPECT_EQ(finished.exit_code, 65) << finished.err;
    EXPECT_THAT(finished.err, HasSubstr("001_open.sql:3: the quoted string that begins here is never closed"));
    EXPECT_EQ(finished.out, "");
  }
}

// Slipway's scanner reads a backslash in '…' as itself, and such a session as an escape.
class EscapedStrings : public testing::Test {
 protected:
  EscapedStrings() {
    project.database().execute("ALTER DATABASE \"" + project.database().name() +
                               "\" SET standard_conforming_strings = off");
  }
  Project project;
};

TEST_F(EscapedStrings, AreReadAsTheServerReadsThem) {
  project.write("001_escape.sql", "CREATE TABLE t (a text);\nINSERT INTO t VALUES ('it\\'s; '), ('x');");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_THAT(project.database().rows("SELECT a FROM t"), testing::ElementsAre("it's; ", "x"));
}

TEST_F(EscapedStrings, AreNamedAsTheReasonIfOneIsNeverClosed) {
  project.write("001_escape.sql", "CREATE TABLE t (a text);\nINSERT INTO t VALUES ('C:\\');");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 73) << upgrade.err;
  EXPECT_THAT(upgrade.err, HasSubstr("001_escape.sql:3: "));
  EXPECT_THAT(upgrade.err, HasSubstr("standard_conforming_strings"));
  EXPECT_THAT(upgrade.err, Not(HasSubstr("slipway_journal")));
}

TEST_F(EscapedStrings, OfAScriptWithoutATransactionAreRefusedIfTheyEscape) {
  project.write("001_escape.sql", "CREATE TABLE t (a text);\nINSERT INTO t VALUES ('C:\\');", "SELECT 1;",
                "transaction:false");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 65) << upgrade.err;
  EXPECT_THAT(upgrade.err, HasSubstr("001_escape.sql:3: "));
  EXPECT_THAT(upgrade.err, HasSubstr("standard_conforming_strings"));
}

}  // namespace
}  // namespace slipway::fixture
