#include "sql/statement.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>

namespace slipway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<Statement> statements_of(std::string sql, int first_line = 1) {
  return split(Script{.sql = std::move(sql), .first_line = first_line});
}

std::vector<std::string> texts_of(const std::string& sql) {
  std::vector<std::string> texts;
  for (const Statement& statement : statements_of(sql)) {
    EXPECT_EQ(sql.substr(statement.offset, statement.text.size()), statement.text);
    texts.push_back(statement.text);
  }
  return texts;
}

TEST(Split, GivesEachStatementWithItsPlace) {
  const auto statements = statements_of("\n-- first\nSELECT 1; /* second\n*/ SELECT\r\n 2;\n\nSELECT 3", 10);
  ASSERT_EQ(statements.size(), 3U);
  EXPECT_EQ(statements[0].text, "SELECT 1");
  EXPECT_EQ(statements[0].line, 12);
  EXPECT_EQ(statements[1].text, "SELECT\r\n 2");
  EXPECT_EQ(statements[1].line, 13);
  EXPECT_EQ(statements[2].text, "SELECT 3");
  EXPECT_EQ(statements[2].line, 16);
  EXPECT_EQ(statement_count(Script{.sql = "SELECT 1; SELECT 2"}), 2U);
}

TEST(Split, LeavesOutWhatIsEmpty) {
  EXPECT_THAT(texts_of(""), IsEmpty());
  EXPECT_THAT(texts_of(" \n-- nothing;\n/* ; */"), IsEmpty());
  EXPECT_THAT(texts_of(";;SELECT 1;; ;"), ElementsAre("SELECT 1"));
}

const std::vector<std::string> with_semicolons{
    "SELECT ';'",
    "SELECT E'\\';'",
    "SELECT 'it''s;'",
    "SELECT \"a;b\"",
    "SELECT $$;$$",
    "SELECT $a$;$b$;$$;$a$",
    "SELECT U&'\\003B;'",
    "SELECT 1 /* ; /* ; */ ; */ + 1",
    "SELECT 1 -- ;\n + 1",
    "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END",
    "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC INSERT INTO t VALUES (1); INSERT INTO t VALUES (2); END",
    "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN 2; END $$",
    "DO $do$ BEGIN EXECUTE $x$ SELECT ';' $x$; END $do$",
};

TEST(Split, KeepsSemicolonsWithinAStatement) {
  for (const std::string& sql : with_semicolons)
    EXPECT_THAT(texts_of(sql + ";\nSELECT 2;"), ElementsAre(sql, "SELECT 2")) << sql;
}

// The parser refuses the whole script for one statement that it does not know, but the others are still as they were.
TEST(Split, KeepsThemInAScriptThatTheParserDoesNotKnow) {
  for (const std::string& sql : with_semicolons)
    EXPECT_THAT(texts_of("FROBNICATE x;" + sql + ";\nSELECT 2"), ElementsAre("FROBNICATE x", sql, "SELECT 2")) << sql;
}

TEST(Split, UnderstandsNumbersOfNewerServers) {
  EXPECT_THAT(texts_of("SELECT 1_000, 0xFF; SELECT 'ü', 0b1_0; SELECT 3"),
              ElementsAre("SELECT 1_000, 0xFF", "SELECT 'ü', 0b1_0", "SELECT 3"));
}

TEST(Split, WhatIsNeverClosedIsTheLastStatement) {
  EXPECT_THAT(texts_of("SELECT 1; SELECT 'a; SELECT 2;\n"), ElementsAre("SELECT 1", "SELECT 'a; SELECT 2;"));
  EXPECT_THAT(texts_of("SELECT 'é'; $a$ SELECT 2"), ElementsAre("SELECT 'é'", "$a$ SELECT 2"));
  EXPECT_THAT(texts_of("SELECT 1; SELECT 2 /* SELECT 3;"), ElementsAre("SELECT 1", "SELECT 2 /* SELECT 3;"));
  EXPECT_THAT(texts_of("SELECT E'\\u00'; SELECT 2"), ElementsAre("SELECT E'\\u00'; SELECT 2"));
}

TEST(SessionEffect, IsTold) {
  const auto effect = [](const std::string& sql) { return split({.sql = sql}).at(0).session_effect; };
  for (const char* sql : {"SET search_path TO a", "set role x", "SET SESSION AUTHORIZATION x", "RESET ALL",
                          "SELECT set_config('a.b', 'c', false)", "SELECT pg_catalog.set_config('a.b', 'c', false)"})
    EXPECT_EQ(effect(sql), SessionEffect::settings) << sql;
  for (const char* sql :
       {"CREATE TEMP TABLE t ()", "CREATE TEMPORARY SEQUENCE s", "CREATE OR REPLACE TEMP VIEW v AS SELECT 1",
        "SELECT 1 INTO TEMP t", "PREPARE p AS SELECT 1", "DECLARE c CURSOR WITH HOLD FOR SELECT 1"})
    EXPECT_EQ(effect(sql), SessionEffect::objects) << sql;
  for (const char* sql : {"SET LOCAL a.b = 1", "SET TRANSACTION READ ONLY", "SET CONSTRAINTS ALL DEFERRED", "SELECT 1",
                          "CREATE TABLE temp ()", "PREPARE TRANSACTION 'x'", "DECLARE c CURSOR FOR SELECT 1"})
    EXPECT_EQ(effect(sql), SessionEffect::none) << sql;
}

struct Kind {
  StatementKind kind;
  std::vector<std::string> statements;
};

TEST(StatementKind, IsTold) {
  const std::vector<Kind> kinds{
      {StatementKind::ordinary,
       {"SELECT 1",
        "SAVEPOINT a",
        "RELEASE a",
        "ROLLBACK TO a",
        "ROLLBACK WORK TO SAVEPOINT a",
        "ROLLBACK TRANSACTION TO a",
        "CREATE INDEX i ON t (a)",
        "REINDEX TABLE t",
        "CLUSTER t",
        "CLUSTER t USING i",
        "COPY t TO STDOUT",
        "COPY t FROM '/tmp/x'",
        "PREPARE p AS SELECT 1",
        "ALTER TABLE t DETACH PARTITION p",
        "SELECT 'COMMIT'",
        "CREATE TABLE \"begin\" ()",
        "\"vacuum\"",
        "ANALYZE",
        "ALTER DATABASE d SET x = 1",
        "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (create_slot = false)",
        "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = false)",
        "ALTER SUBSCRIPTION s ADD PUBLICATION p WITH (refresh = false)",
        "DISCARD TEMP",
        "DO $$ BEGIN COMMIT; END $$",
        "CALL s.p(1)",
        "SET TRANSACTION READ ONLY"}},
      {StatementKind::releases_locks, {"DISCARD ALL"}},
      {StatementKind::transaction_control,
       {"BEGIN", "begin work", "START TRANSACTION READ ONLY", "COMMIT", "COMMIT AND CHAIN", "END", "ROLLBACK", "ABORT",
        "PREPARE TRANSACTION 'x'", "COMMIT PREPARED 'x'", "ROLLBACK PREPARED 'x'", "/* x */ CoMMit"}},
      {StatementKind::outside_transaction,
       {"CREATE INDEX CONCURRENTLY i ON t (a)",
        "CREATE UNIQUE INDEX CONCURRENTLY ON t (a)",
        "DROP INDEX CONCURRENTLY i",
        "REINDEX INDEX CONCURRENTLY i",
        "REINDEX (CONCURRENTLY) TABLE t",
        "REINDEX DATABASE d",
        "REINDEX (VERBOSE) SCHEMA s",
        "REINDEX SYSTEM d",
        "VACUUM",
        "VACUUM (ANALYZE) t",
        "CLUSTER",
        "CLUSTER VERBOSE",
        "CLUSTER (VERBOSE)",
        "CREATE DATABASE d",
        "DROP DATABASE IF EXISTS d",
        "ALTER DATABASE d SET TABLESPACE s",
        "CREATE TABLESPACE s LOCATION '/x'",
        "DROP TABLESPACE s",
        "ALTER SYSTEM SET x = 1",
        "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p",
        "DROP SUBSCRIPTION s",
        "ALTER SUBSCRIPTION s REFRESH PUBLICATION",
        "ALTER SUBSCRIPTION s SET PUBLICATION p",
        "ALTER TABLE t DETACH PARTITION p CONCURRENTLY"}},
      {StatementKind::copy_from_stdin, {"COPY t FROM STDIN", "COPY s.t (a, b) FROM stdin WITH (FORMAT csv)"}},
      {StatementKind::psql_command, {"\\i other.sql", "\\restrict abc", "SELECT 1 \\gset"}},
  };
  for (const auto& [kind, statements] : kinds) {
    for (const std::string& sql : statements) {
      const auto split = statements_of(sql);
      ASSERT_EQ(split.size(), 1U) << sql;
      EXPECT_EQ(split[0].kind, kind) << sql;
      EXPECT_EQ(split[0].name.empty(), kind == StatementKind::ordinary) << sql;
    }
  }
}

TEST(StatementKind, ASubscriptionWithoutASlotIsDroppedInATransaction) {
  const auto statements = statements_of("ALTER SUBSCRIPTION s SET (slot_name = NONE); DROP SUBSCRIPTION s");
  EXPECT_EQ(statements[1].kind, StatementKind::ordinary);
}

TEST(Repeatability, IsTold) {
  const auto repeatability_of = [](const std::string& sql) { return statements_of(sql).at(0).repeatability; };
  for (const char* sql :
       {"VACUUM t", "CREATE OR REPLACE VIEW v AS SELECT 1", "CREATE TABLE IF NOT EXISTS t ()",
        "CREATE UNIQUE INDEX IF NOT EXISTS i ON t (a)", "DROP INDEX CONCURRENTLY IF EXISTS i", "REINDEX TABLE t",
        "ALTER TYPE s.e ADD VALUE IF NOT EXISTS 'x'", "ALTER TABLE ONLY t VALIDATE CONSTRAINT c",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY v", "SET lock_timeout = '1s'"})
    EXPECT_EQ(repeatability_of(sql), Repeatability::repeatable) << sql;
  for (const char* sql :
       {"CREATE INDEX CONCURRENTLY i ON t (a)", "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)"})
    EXPECT_EQ(repeatability_of(sql), Repeatability::index_build) << sql;
  for (const char* sql : {"REINDEX INDEX CONCURRENTLY i", "REINDEX (VERBOSE, CONCURRENTLY) TABLE t"})
    EXPECT_EQ(repeatability_of(sql), Repeatability::index_rebuild) << sql;
  for (const char* sql : {"INSERT INTO t VALUES (1)", "CREATE TABLE t ()", "ALTER TABLE t ADD COLUMN a int",
                          "ALTER TABLE t ALTER a TYPE int USING a * 2, VALIDATE CONSTRAINT c", "FROBNICATE",
                          "UPDATE t SET a = 1", "ALTER TYPE e ADD VALUE 'x'", "SELECT f()"})
    EXPECT_EQ(repeatability_of(sql), Repeatability::once) << sql;
}

// However small the pieces are, they are whole statements and add up.
TEST(Pieces, AreWholeStatements) {
  const std::string sql =
      "SELECT ';', $a$ ; $a$, \"x;y\" /* ; */; -- ;\nCREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2);\n"
      "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;\r\n"
      "SELECT 'größe; größe', E'\\'; ';\n;; SELECT 0x1F; SELECT 'the rest is never closed; SELECT 3;";
  for (std::size_t size = 1; size <= sql.size() + 1; ++size) {
    std::string joined;
    std::vector<std::string> statements;
    for (Pieces pieces{sql, size}; const auto piece = pieces.next();) {
      EXPECT_FALSE(piece->empty());
      joined += *piece;
      for (const std::string& text : texts_of(std::string{*piece}))
        statements.push_back(text);
    }
    EXPECT_EQ(joined, sql) << size;
    EXPECT_EQ(statements, texts_of(sql)) << size;
  }
}

TEST(Statements, OfALongScriptAreAtTheirPlaces) {
  std::string sql;
  for (int i = 0; sql.size() < 3 * Pieces::usual_size; ++i)
    sql += "SELECT 'ä'\n, " + std::to_string(i) + ";\n";
  const Script script{.sql = sql, .first_line = 7};
  std::size_t count = 0;
  for (Statements statements{script}; const auto statement = statements.next(); ++count) {
    ASSERT_EQ(sql.compare(statement->offset, statement->text.size(), statement->text), 0);
    ASSERT_EQ(statement->line, 7 + 2 * static_cast<int>(count));
  }
  EXPECT_EQ(count, statement_count(script));
  EXPECT_EQ(static_cast<std::ptrdiff_t>(count), std::ranges::count(sql, ';'));
}

std::optional<IndexBuild> index_of(const std::string& sql) {
  return index_build(statements_of(sql).at(0));
}

TEST(IndexBuild, NamesWhatIsBuilt) {
  const auto plain = index_of("CREATE INDEX CONCURRENTLY Users_Email ON Users (email)");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->name, "users_email");
  EXPECT_EQ(plain->table, "users");
  EXPECT_FALSE(plain->schema);
  EXPECT_FALSE(plain->if_not_exists);

  const auto quoted = index_of(
      R"(CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "My ""Index""" ON ONLY "App".users USING gin (a) WHERE a > 0)");
  ASSERT_TRUE(quoted);
  EXPECT_EQ(quoted->name, "My \"Index\"");
  EXPECT_EQ(quoted->schema, "App");
  EXPECT_EQ(quoted->table, "users");
  EXPECT_TRUE(quoted->if_not_exists);
}

TEST(IndexBuild, MayHaveNoName) {
  const auto unnamed = index_of("CREATE INDEX CONCURRENTLY ON s.t (a)");
  ASSERT_TRUE(unnamed);
  EXPECT_FALSE(unnamed->name);
  EXPECT_EQ(unnamed->schema, "s");
}

TEST(IndexRebuild, NamesWhatIsRebuilt) {
  const auto rebuild_of = [](const std::string& sql) { return index_rebuild(statements_of(sql).at(0)); };
  using Of = IndexRebuild::Of;
  const auto index = rebuild_of("REINDEX INDEX CONCURRENTLY App.\"My Index\"");
  ASSERT_TRUE(index);
  EXPECT_EQ(index->of, Of::index);
  EXPECT_EQ(index->schema, "app");
  EXPECT_EQ(index->name, "My Index");
  EXPECT_EQ(rebuild_of("REINDEX (VERBOSE, CONCURRENTLY) TABLE t").value().of, Of::table);
  EXPECT_EQ(rebuild_of("REINDEX SCHEMA CONCURRENTLY s").value().name, "s");
  EXPECT_EQ(rebuild_of("REINDEX DATABASE CONCURRENTLY d").value().of, Of::database);
  EXPECT_FALSE(rebuild_of("REINDEX TABLE t"));
}

TEST(IndexBuild, IsNothingElse) {
  EXPECT_FALSE(index_of("CREATE INDEX i ON t (a)"));
  EXPECT_FALSE(index_of("CREATE INDEX CONCURRENTLY i ON t FROBNICATED"));
}

struct OpenCase {
  std::string sql;
  std::string open;
  int line;
};

class Open : public testing::TestWithParam<OpenCase> {};

TEST_P(Open, IsFoundWhereItBegins) {
  const auto found = unread({.sql = GetParam().sql, .first_line = 10});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->open, GetParam().open);
  EXPECT_EQ(found->line, GetParam().line);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, Open,
    testing::Values(
        OpenCase{"SELECT 1;\nSELECT 'a;\n;\n", "quoted string", 11}, OpenCase{"SELECT E'a\\';\n", "quoted string", 10},
        OpenCase{"SELECT 1;\n\nCREATE TABLE \"a (id int);\n", "quoted identifier", 12},
        OpenCase{"CREATE FUNCTION f() RETURNS int AS\n$$ BEGIN\nEND $;\n", "dollar-quoted string", 11},
        OpenCase{"CREATE FUNCTION f() RETURNS int AS\n$a$ $$ $A$;\n", "dollar-quoted string", 11},
        OpenCase{"SELECT 1;\n/* a /* b */\n", "/* comment", 11}, OpenCase{"SELECT B'01;", "bit string literal", 10},
        OpenCase{"SELECT X'0f;", "hexadecimal string literal", 10}, OpenCase{"SELECT U&'a;", "quoted string", 10}));

TEST(Unread, IsNothingInAScriptThatClosesWhatItOpens) {
  for (const std::string sql :
       {"", "SELECT 'it''s', $a$ ' $a$, \"b\"\"c\" -- '\n/* /* ' */ */", "CREATE TABLE t (a int", "SELECT 1_000, 0x1F"})
    EXPECT_FALSE(unread({.sql = sql})) << sql;
}

}  // namespace
}  // namespace slipway
