#include "sql/statement_rules.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>

#include "sql/statement_ends.h"
#include "sql/statement_patterns.h"
#include "sql/statement_tree.h"

namespace slipway {

// For GoogleTest, which looks for it in the namespace of the type.
static void PrintTo(const StatementRule& rule, std::ostream* out) {
  *out << "kind " << static_cast<int>(rule.kind) << " '" << rule.name << "', repeatability "
       << static_cast<int>(rule.repeatability) << ", session effect " << static_cast<int>(rule.session_effect);
}

namespace {

using testing::Ne;
using testing::Optional;

// A script of one statement.
class Asked {
 public:
  explicit Asked(std::string sql) : sql_{std::move(sql)}, words_{words_of(sql_, scan(sql_).tokens)} {}

  bool is_candidate() const { return needs_tree(words_.texts); }
  StatementRule by_patterns() const { return rule_by_patterns(words_.texts, words_.texts); }
  StatementRule by_rule() const { return rule_of(sql_, words_.texts, words_.texts); }
  std::optional<StatementRule> by_tree() const {
    const auto tree = StatementTree::of(sql_, words_.texts.size());
    return tree ? std::optional{rule_by_tree(*tree, words_.texts)} : std::nullopt;
  }

 private:
  std::string sql_;
  Words words_;
};

const std::vector<std::string> statements_of_every_kind{
    "SELECT 1",
    "SELECT a FROM t WHERE b = 'into'",
    "SELECT a INTO t FROM u",
    "SELECT 1 INTO TEMP t",
    "SELECT 1 INTO TEMPORARY TABLE t FROM u UNION SELECT 2",
    "SELECT set_config('a.b', 'c', false)",
    "SELECT pg_catalog.set_config('a.b', 'c', false)",
    "ROLLBACK",
    "ROLLBACK WORK",
    "ROLLBACK AND CHAIN",
    "ROLLBACK PREPARED 'x'",
    "ROLLBACK TO a",
    "ROLLBACK WORK TO SAVEPOINT a",
    "ROLLBACK TRANSACTION TO a",
    "PREPARE TRANSACTION 'x'",
    "PREPARE p AS SELECT 1",
    "PREPARE p (int) AS INSERT INTO t VALUES ($1)",
    "DECLARE c CURSOR FOR SELECT 1",
    "DECLARE c SCROLL CURSOR WITH HOLD FOR SELECT 1",
    "DECLARE c CURSOR WITHOUT HOLD FOR SELECT 1",
    "COPY t FROM STDIN",
    "COPY s.t (a, b) FROM stdin WITH (FORMAT csv)",
    "COPY BINARY t FROM STDIN",
    "COPY t FROM STDIN WHERE a > 1",
    "COPY t FROM '/tmp/x'",
    "COPY t FROM PROGRAM 'x'",
    "COPY t TO STDOUT",
    "COPY (SELECT 1) TO STDOUT",
    "CREATE INDEX i ON t (a)",
    "CREATE INDEX IF NOT EXISTS i ON t (a)",
    "CREATE INDEX CONCURRENTLY i ON t (a)",
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)",
    "CREATE UNIQUE INDEX CONCURRENTLY ON t (a)",
    "DROP INDEX i",
    "DROP INDEX IF EXISTS i",
    "DROP INDEX CONCURRENTLY i",
    "DROP INDEX CONCURRENTLY IF EXISTS i",
    "DROP TABLE IF EXISTS a, b CASCADE",
    "DROP FUNCTION IF EXISTS f(int)",
    "DROP DATABASE d",
    "DROP DATABASE IF EXISTS d",
    "DROP TABLESPACE IF EXISTS s",
    "DROP ROLE IF EXISTS r",
    "DROP OWNED BY r",
    "DROP USER MAPPING IF EXISTS FOR u SERVER s",
    "DROP SUBSCRIPTION s",
    "DROP SUBSCRIPTION IF EXISTS s",
    "REINDEX TABLE t",
    "REINDEX INDEX CONCURRENTLY i",
    "REINDEX (CONCURRENTLY) TABLE t",
    "REINDEX (VERBOSE, CONCURRENTLY) TABLE t",
    "REINDEX (VERBOSE) SCHEMA s",
    "REINDEX SCHEMA CONCURRENTLY s",
    "REINDEX DATABASE d",
    "REINDEX SYSTEM d",
    "CLUSTER",
    "CLUSTER VERBOSE",
    "CLUSTER (VERBOSE) t",
    "CLUSTER t",
    "CLUSTER t USING i",
    "CREATE TABLE t ()",
    "CREATE TABLE IF NOT EXISTS t ()",
    R"(CREATE TABLE "if" ("temp" int))",
    "CREATE TEMP TABLE t ()",
    "CREATE TEMPORARY TABLE IF NOT EXISTS t (a int)",
    "CREATE LOCAL TEMPORARY TABLE t (a int)",
    "CREATE GLOBAL TEMP TABLE t (a int)",
    "CREATE TEMP TABLE t AS SELECT 1",
    "CREATE TABLE IF NOT EXISTS t AS SELECT 1",
    "CREATE TEMP SEQUENCE s",
    "CREATE SEQUENCE IF NOT EXISTS s",
    "CREATE TEMP VIEW v AS SELECT 1",
    "CREATE TEMP RECURSIVE VIEW v (a) AS SELECT 1",
    "CREATE OR REPLACE TEMP VIEW v AS SELECT 1",
    "CREATE OR REPLACE VIEW v AS SELECT 1",
    "CREATE MATERIALIZED VIEW IF NOT EXISTS v AS SELECT 1",
    "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC INSERT INTO t VALUES (1); END",
    "CREATE OR REPLACE TRIGGER t BEFORE INSERT ON t EXECUTE FUNCTION f()",
    "CREATE OR REPLACE RULE r AS ON INSERT TO t DO NOTHING",
    "CREATE OR REPLACE AGGREGATE a (int) (SFUNC = f, STYPE = int)",
    "CREATE OR REPLACE LANGUAGE plperl",
    "CREATE OR REPLACE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION f(internal))",
    "CREATE SCHEMA IF NOT EXISTS s",
    "CREATE EXTENSION IF NOT EXISTS e",
    R"(CREATE COLLATION IF NOT EXISTS c FROM "C")",
    "CREATE STATISTICS IF NOT EXISTS s ON a, b FROM t",
    "CREATE SERVER IF NOT EXISTS s FOREIGN DATA WRAPPER w",
    "CREATE FOREIGN TABLE IF NOT EXISTS t (a int) SERVER s",
    "CREATE USER MAPPING IF NOT EXISTS FOR u SERVER s",
    "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p",
    "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (enabled = false)",
    "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (create_slot = false)",
    "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = off)",
    "ALTER SUBSCRIPTION s REFRESH PUBLICATION",
    "ALTER SUBSCRIPTION s SET PUBLICATION p",
    "ALTER SUBSCRIPTION s ADD PUBLICATION p WITH (refresh = false)",
    "ALTER SUBSCRIPTION s DISABLE",
    "ALTER SUBSCRIPTION s SET (slot_name = NONE)",
    "ALTER DATABASE d SET TABLESPACE s",
    "ALTER TABLE t SET TABLESPACE s",
    "ALTER TABLE t ADD COLUMN a int NOT NULL",
    "ALTER TABLE IF EXISTS t ADD COLUMN IF NOT EXISTS a int",
    "ALTER TABLE t ALTER COLUMN a SET NOT NULL",
    "ALTER TABLE ONLY t VALIDATE CONSTRAINT c",
    "ALTER TABLE t ALTER a TYPE int USING a * 2, VALIDATE CONSTRAINT c",
    "ALTER TABLE t DETACH PARTITION p",
    "ALTER TABLE t DETACH PARTITION p FINALIZE",
    "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
    "ALTER TYPE e ADD VALUE 'x'",
    "ALTER TYPE s.e ADD VALUE IF NOT EXISTS 'x' AFTER 'y'",
    "ALTER INDEX IF EXISTS i RENAME TO j",
    "SET search_path TO a",
    "SET SESSION search_path TO a",
    "SET LOCAL a.b = 1",
    "SET ROLE r",
    "SET SESSION AUTHORIZATION r",
    "SET TIME ZONE LOCAL",
    "SET TRANSACTION READ ONLY",
    "SET TRANSACTION SNAPSHOT 'x'",
    "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
    "SET CONSTRAINTS ALL DEFERRED",
};

TEST(StatementRules, TreeAndPatternsAgree) {
  int candidates = 0;
  for (const std::string& sql : statements_of_every_kind) {
    const Asked asked{sql};
    if (asked.is_candidate()) ++candidates;
    EXPECT_THAT(asked.by_tree(), Optional(asked.by_patterns())) << sql;
    EXPECT_EQ(asked.by_rule(), asked.by_patterns()) << sql;
  }
  EXPECT_GT(candidates, 90);
}

struct Misread {
  std::string sql;
  StatementRule rule;
};

TEST(StatementRules, TheTreeIsRightWherePatternsAreNot) {
  constexpr StatementKind outside = StatementKind::outside_transaction;
  const StatementRule nothing{};
  const StatementRule repeatable{.repeatability = Repeatability::repeatable};
  const StatementRule sets{.session_effect = SessionEffect::settings};
  const StatementRule leaves_objects{.session_effect = SessionEffect::objects};
  const std::vector<Misread> misread{
      {"COPY (SELECT a FROM stdin) TO '/tmp/x'", nothing},
      {"COPY t FROM STDOUT", {.kind = StatementKind::copy_from_stdin, .name = "COPY … FROM STDIN"}},
      {"PREPARE transaction AS SELECT 1", leaves_objects},
      {"REINDEX (CONCURRENTLY false) TABLE t", repeatable},
      {"REINDEX (CONCURRENTLY off) INDEX i", repeatable},
      {"ALTER DATABASE d WITH TABLESPACE s", {.kind = outside, .name = "ALTER DATABASE … SET TABLESPACE"}},
      {"CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION connect", {.kind = outside, .name = "CREATE SUBSCRIPTION"}},
      {"CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (create_slot = true)",
       {.kind = outside, .name = "CREATE SUBSCRIPTION"}},
      {"ALTER SUBSCRIPTION s SET PUBLICATION p WITH (refresh)",
       {.kind = outside, .name = "ALTER SUBSCRIPTION … PUBLICATION"}},
      {"ALTER TABLE t VALIDATE CONSTRAINT a, VALIDATE CONSTRAINT b", repeatable},
      {"ALTER TABLE t ALTER a SET NOT NULL, ALTER b SET NOT NULL", repeatable},
      {"ALTER TABLE t ADD COLUMN a validate CONSTRAINT c NOT NULL", nothing},
      {"CREATE SCHEMA s CREATE TABLE t () CREATE SEQUENCE IF NOT EXISTS u", nothing},
      {"SET local.a = 1", {.repeatability = Repeatability::repeatable, .session_effect = SessionEffect::settings}},
      {"SELECT 1, set_config('a.b', 'c', false)", sets},
      {"SELECT * FROM set_config('a.b', 'c', false)", sets},
      {R"(SELECT "set_config"('a.b', 'c', f()) FROM t)", sets},
      {"WITH w AS (SELECT set_config('a.b', 'c', false)) SELECT * FROM w", sets},
      {"SELECT set_config('a.b', 'c', true)", nothing},
      {"SELECT 1 INTO temp", nothing},
      {"(SELECT 1 INTO TEMP t)", leaves_objects},
      {"WITH w AS (SELECT 1) SELECT * INTO TEMP t FROM w", leaves_objects},
      {"CREATE TABLE pg_temp.t ()", leaves_objects},
      {"CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'", leaves_objects},
      {"CREATE TYPE pg_temp.c AS (a int)", leaves_objects},
      {"CREATE TEMP TABLE t () ON COMMIT DROP", nothing},
  };
  for (const auto& [sql, rule] : misread) {
    const Asked asked{sql};
    EXPECT_TRUE(asked.is_candidate()) << sql;
    EXPECT_EQ(asked.by_rule(), rule) << sql;
    EXPECT_THAT(asked.by_patterns(), Ne(rule)) << sql;
  }
}

// Syntax of PostgreSQL 16 and later, and psql's.
TEST(StatementRules, PatternsTakeOverWhereTheParserCannot) {
  const StatementRule index_build{.kind = StatementKind::outside_transaction,
                                  .name = "CREATE INDEX CONCURRENTLY",
                                  .repeatability = Repeatability::index_build};
  EXPECT_EQ(Asked{"CREATE INDEX CONCURRENTLY i ON t (a) WHERE a > 1_000"}.by_rule(), index_build);
  EXPECT_EQ(Asked{"CLUSTER (VERBOSE)"}.by_rule().name, "CLUSTER without a table");
  EXPECT_EQ(Asked{"REINDEX DATABASE"}.by_rule().name, "REINDEX DATABASE");
  EXPECT_EQ(Asked{R"(COPY t FROM STDIN \g)"}.by_rule().kind, StatementKind::psql_command);
  EXPECT_EQ(Asked{"CREATE TEMP TABLE t (a int, PRIMARY KEY (a WITHOUT OVERLAPS))"}.by_rule().session_effect,
            SessionEffect::objects);
  EXPECT_EQ(Asked{"ALTER TABLE IF EXISTS t FROBNICATE, DETACH PARTITION p CONCURRENTLY"}.by_rule(), StatementRule{});
}

// The functions of libpg_query that hand a tree over call themselves for each level of it.
TEST(StatementRules, DeepStatementsNeedLittleStack) {
  for (const std::size_t levels : {100U, 900U, 1'900U, 100'000U}) {
    std::string sum = "1";
    std::string negations;
    for (std::size_t i = 0; i < levels; ++i) {
      if (i % 2 == 0) sum += "+1";
      negations += "- ";
    }
    const std::string parentheses = std::string(levels, '(') + "1" + std::string(levels, ')');
    for (const std::string& expression : {sum, negations + "1", parentheses}) {
      const Asked index{"CREATE INDEX CONCURRENTLY i ON t ((" + expression + "))"};
      EXPECT_EQ(index.by_rule().name, "CREATE INDEX CONCURRENTLY") << levels;
      EXPECT_EQ(Asked{"SELECT " + expression + " INTO TEMP t"}.by_rule().session_effect, SessionEffect::objects);
      index_build(split({.sql = "CREATE INDEX CONCURRENTLY i ON t ((" + expression + "))"}).at(0));
      first_unparsable({.sql = "SELECT " + expression});
    }
  }
}

}  // namespace
}  // namespace slipway
