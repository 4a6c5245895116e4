#include "revision/native_format.h"

#include <chrono>
#include <ostream>
#include <string>

#include <gmock/gmock.h>

#include "revision/refusal.h"

namespace slipway {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Revision parsed(std::string content, const std::string& name = "m/001_add_users.sql") {
  return read_native_file({.path = name, .content = std::move(content)});
}

Refusal refused(const std::string& content, const std::string& name = "m/001_add_users.sql") {
  return refusal_of([&] { parsed(content, name); });
}

TEST(NativeFormat, ReadsTheWholeOfAFile) {
  const Revision revision = parsed(
      "-- Add users.\n"
      "-- revision: 1a2b\n"
      "-- revises: 0001, 0002\n"
      "-- depends-on: billing\n"
      "-- branch-labels: core,users\n"
      "-- created: 2026-01-02T03:04:05Z\n"
      "-- A second free line is a comment.\n"
      "-- migrate:up\n"
      "CREATE TABLE users ();\n"
      "-- migrate:down\n"
      "DROP TABLE users;\n");
  EXPECT_EQ(revision.id.str(), "1a2b");
  EXPECT_THAT(revision.revises, ElementsAre("0001", "0002"));
  EXPECT_THAT(revision.depends_on, ElementsAre("billing"));
  EXPECT_THAT(revision.branch_labels, ElementsAre("core", "users"));
  EXPECT_EQ(revision.created, "2026-01-02T03:04:05Z");
  EXPECT_EQ(revision.message, "Add users.");
  EXPECT_EQ(revision.location.str(), "m/001_add_users.sql:2");
  EXPECT_EQ(revision.revises_location().str(), "m/001_add_users.sql:3");
  EXPECT_EQ(revision.parents, Parents::written);
  EXPECT_EQ(revision.upgrade.sql, "CREATE TABLE users ();\n");
  EXPECT_EQ(revision.upgrade.first_line, 9);
  EXPECT_EQ(revision.upgrade.transaction, Transaction::one);
  ASSERT_TRUE(revision.downgrade);
  EXPECT_EQ(revision.downgrade->sql, "DROP TABLE users;\n");
  EXPECT_EQ(revision.downgrade->first_line, 11);
}

TEST(NativeFormat, TakesFromTheNameWhatTheHeaderLeavesOut) {
  const Revision revision = parsed("-- migrate:up\nSELECT 1;");
  EXPECT_EQ(revision.id.str(), "001");
  EXPECT_EQ(revision.message, "add users");
  EXPECT_EQ(revision.location.str(), "m/001_add_users.sql:1");
  EXPECT_EQ(revision.parents, Parents::implied);
  EXPECT_EQ(revision.upgrade.sql, "SELECT 1;");
  EXPECT_FALSE(revision.downgrade);
  EXPECT_EQ(parsed("-- migrate:up\n", "20260102.sql").id.str(), "20260102");
}

TEST(NativeFormat, AnEmptyRevisesIsABase) {
  for (const std::string line : {"-- revises:", "-- revises: ", "--revises:\t", "  --  Revises :  "}) {
    const Revision revision = parsed(line + "\n-- migrate:up\n");
    EXPECT_THAT(revision.revises, IsEmpty()) << line;
    EXPECT_EQ(revision.parents, Parents::written) << line;
  }
}

TEST(NativeFormat, ScriptsMayBeEmpty) {
  const Revision revision = parsed("-- migrate:up\n-- migrate:down\n");
  EXPECT_EQ(revision.upgrade.sql, "");
  ASSERT_TRUE(revision.downgrade);
  EXPECT_EQ(revision.downgrade->sql, "");
  EXPECT_EQ(parsed("-- migrate:up").upgrade.sql, "");
}

TEST(NativeFormat, KeepsLineEndsAndCountsLinesAsPostgres) {
  const Revision windows = parsed("-- Note\r\n-- migrate:up\r\nSELECT 1;\r\n-- migrate:down\r\nSELECT 2;\r\n");
  EXPECT_EQ(windows.message, "Note");
  EXPECT_EQ(windows.upgrade.sql, "SELECT 1;\r\n");
  EXPECT_EQ(windows.upgrade.first_line, 3);
  EXPECT_EQ(windows.downgrade->sql, "SELECT 2;\r\n");
  EXPECT_EQ(windows.downgrade->first_line, 5);
  // PostgreSQL's scanner ends a comment at a lone CR too: what follows is SQL and not hidden by the header.
  EXPECT_EQ(parsed("-- Note\r-- migrate:up\rSELECT 1;").upgrade.sql, "SELECT 1;");
}

TEST(NativeFormat, OptionsCountForTheirOwnScript) {
  const Revision revision = parsed(
      "--migrate:up transaction:false  lock_timeout:10s\n"
      "-- migrate:down\tstatement_timeout:1h transaction:true\n");
  EXPECT_EQ(revision.upgrade.transaction, Transaction::none);
  EXPECT_EQ(revision.upgrade.lock_timeout, 10s);
  EXPECT_FALSE(revision.upgrade.statement_timeout);
  EXPECT_EQ(revision.downgrade->transaction, Transaction::one);
  EXPECT_EQ(revision.downgrade->statement_timeout, 1h);
  EXPECT_FALSE(revision.downgrade->lock_timeout);
}

TEST(NativeFormat, BlockCommentsMayPrecedeTheMarker) {
  const Revision revision = parsed("/* Copyright /* nested */\n SELECT: no field */  \n-- Message\n-- migrate:up\n");
  EXPECT_EQ(revision.message, "Message");
}

TEST(NativeFormat, ProseIsNoFieldAndNoMarker) {
  EXPECT_EQ(parsed("-- Re: the invoices of 2025\n-- migrate:up\n").message, "Re: the invoices of 2025");
  EXPECT_EQ(parsed("-- =====\n-- Initial schema: users, threads\n-- migrate:up\n").message,
            "Initial schema: users, threads");
  const std::string sql = "-- migrate: the old rows\n-- migrated:up\n";
  EXPECT_EQ(parsed("-- migrate:up\n" + sql).upgrade.sql, sql);
}

TEST(NativeFormat, ControlCharactersNeverReachATerminal) {
  EXPECT_EQ(parsed("-- red\x1b[31m\n-- migrate:up\n").message, "red [31m");
}

struct Wrong {
  std::string what;
  std::string content;
  int line;
  std::string message;
  std::string hint;
};

void PrintTo(const Wrong& wrong, std::ostream* out) {
  *out << wrong.what;
}

class NativeFormatRefuses : public testing::TestWithParam<Wrong> {};

TEST_P(NativeFormatRefuses, NamingLineAndFix) {
  const Refusal refusal = refused(GetParam().content);
  EXPECT_THAT(refusal.message, testing::StartsWith("m/001_add_users.sql:" + std::to_string(GetParam().line) + ": "));
  EXPECT_THAT(refusal.message, HasSubstr(GetParam().message));
  EXPECT_THAT(refusal.hint, HasSubstr(GetParam().hint));
}

INSTANTIATE_TEST_SUITE_P(
    All, NativeFormatRefuses,
    testing::Values(
        Wrong{"NoMarker", "-- x\nCREATE TABLE t ();\n", 1, "no `-- migrate:up` line", "write `-- migrate:up` above"},
        Wrong{"EmptyFile", "", 1, "no `-- migrate:up` line", ""},
        Wrong{"SqlFirst", "-- x\n\nSELECT 1; -- y\n-- migrate:up\n", 3, "SQL before the first marker", "move it"},
        Wrong{"SqlAfterBlockComment", "/* a */ SELECT 1;\n-- migrate:up\n", 1, "SQL before the first", ""},
        Wrong{"TwoUps", "-- migrate:up\n-- migrate:down\n-- migrate:up\n", 3, "first is on line 1", "to another file"},
        Wrong{"TwoDowns", "-- migrate:up\n-- migrate:down\n\n-- migrate:down\n", 4, "first is on line 2", ""},
        Wrong{"DownFirst", "\n-- migrate:down\n-- migrate:up\n", 2, "before `-- migrate:up`", "upgrade first"},
        Wrong{"UnknownMarker", "-- migrate:redo\n", 1, "unknown marker `migrate:redo`", "migrate:down"},
        Wrong{"IndentedMarker", " -- migrate:up\n", 1, "not a valid marker", "start of the line"},
        Wrong{"CapitalMarker", "-- Migrate:Up\n", 1, "not a valid marker", "lower case"},
        Wrong{"BlankInMarker", "-- migrate: up\n", 1, "not a valid marker", ""},
        Wrong{"UnknownOption", "-- migrate:up transactoin:false\n", 1, "unknown option `transactoin:false`",
              "did you mean transaction?"},
        Wrong{"FarOption", "-- migrate:up -- first\n", 1, "unknown option `--`", "name:value"},
        Wrong{"BadTransaction", "-- migrate:up transaction:off\n", 1, "option `transaction:off`", "true or false"},
        Wrong{"NoValue", "-- migrate:up transaction:\n", 1, "has no value", "true or false"},
        Wrong{"BadUnit", "-- migrate:up lock_timeout:10x\n", 1, "`lock_timeout:10x`", "10s"},
        Wrong{"NegativeTimeout", "-- migrate:up lock_timeout:-1s\n", 1, "`lock_timeout:-1s`", ""},
        Wrong{"LongTimeout", "-- migrate:up lock_timeout:99999999999999999999d\n", 1, "lock_timeout", "596h"},
        Wrong{"OptionTwice", "-- migrate:up transaction:true transaction:true\n", 1, "given twice", ""},
        Wrong{"UnknownField", "-- revison: 5\n-- migrate:up\n", 1, "unknown field `revison`",
              "did you mean revision or revises?"},
        Wrong{"AlembicsWords", "-- Revision ID: 5\n-- migrate:up\n", 1, "unknown field", "revision"},
        Wrong{"Underscore", "-- depends_on: 5\n-- migrate:up\n", 1, "unknown field", "depends-on"},
        Wrong{"FieldTwice", "-- revises: 5\n-- revises: 6\n-- migrate:up\n", 2, "first is on line 1", "commas"},
        Wrong{"EmptyId", "-- revision:\n-- migrate:up\n", 1, "is empty", "leave the line out"},
        Wrong{"LongId", "\n-- revision: " + std::string(256, '1') + "\n-- migrate:up\n", 2, "256 characters long", ""},
        Wrong{"IdWithAt", "-- revision: a@b\n-- migrate:up\n", 1, "contains '@'", ""},
        Wrong{"IdWithMinus", "-- revision: a-b\n-- migrate:up\n", 1, "contains '-'", ""},
        Wrong{"IdWithPlus", "-- revision: a+b\n-- migrate:up\n", 1, "contains '+'", ""},
        Wrong{"IdWithColon", "-- revision: a:b\n-- migrate:up\n", 1, "contains ':'", ""},
        Wrong{"IdWithBlank", "-- revision: a b\n-- migrate:up\n", 1, "contains a space", ""},
        Wrong{"IdWithQuote", "-- revision: a'b\n-- migrate:up\n", 1, "contains '''", ""},
        Wrong{"IdNotAscii", "-- revision: \xC3\xA9\n-- migrate:up\n", 1, "not ASCII", ""},
        Wrong{"IdIsASelector", "-- revision: head\n-- migrate:up\n", 1, "reserved word", ""},
        Wrong{"MissingComma", "-- revises: 001 002\n-- migrate:up\n", 1, "`001 002` in `revises:` contains a space",
              "commas"},
        Wrong{"TrailingComma", "-- revises: 001,\n-- migrate:up\n", 1, "is empty", ""},
        Wrong{"ParentTwice", "-- revises: 001, 001\n-- migrate:up\n", 1, "named twice", ""},
        Wrong{"RevisesBase", "-- revises: base\n-- migrate:up\n", 1, "`base`", "nothing after the colon"}),
    [](const auto& test) { return test.param.what; });

TEST(NativeFormat, RefusesANameThatHoldsNoId) {
  EXPECT_THAT(refused("-- migrate:up\n", "m/001-add.sql").message, HasSubstr("`001-add` contains '-'"));
  EXPECT_THAT(refused("-- migrate:up\n", "m/_add.sql").message, HasSubstr("is empty"));
  EXPECT_THAT(refused("-- migrate:up\n", "m/_add.sql").hint, HasSubstr("rename the file"));
}

}  // namespace
}  // namespace slipway
