#include "revision/checksum.h"

#include <array>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>

namespace slipway {
namespace {

Checksum tokens(std::string sql) {
  return token_checksum(Script{.sql = std::move(sql)});
}
Checksum bytes(std::string sql) {
  return bytes_checksum(Script{.sql = std::move(sql)});
}

TEST(BytesChecksum, IsSha256OfTheBytesWithUnixLineEnds) {
  // printf 'SELECT 1;\n' | sha256sum
  EXPECT_EQ(bytes("SELECT 1;\n").str(), "b4e0497804e46e0a0b0b8c31975b062152d551bac49c3c2e80932567b4085dcd");
  EXPECT_EQ(bytes("SELECT 1;\r\n"), bytes("SELECT 1;\n"));
  EXPECT_EQ(bytes("SELECT 1;\r"), bytes("SELECT 1;\n"));
  EXPECT_NE(bytes("SELECT 1; \n"), bytes("SELECT 1;\n"));
}

// Scanned in pieces, they are what they are of the whole: the bytes' by sha256sum(1), the tokens' wherever a comment
// moves the pieces' ends.
TEST(Checksums, OfALongScriptAreThoseOfTheWhole) {
  std::string sql;
  for (int i = 0; i < 100'000; ++i)
    sql += "SELECT 1;\r\n";
  // yes 'SELECT 1;' | head -n 100000 | sha256sum
  EXPECT_EQ(bytes(sql).str(), "bd5a71cd1a9b113ed2381631665840c6749a82db0a1d39ca29101730b53c0e5f");
  std::string commented = sql;
  commented.insert(sql.size() / 2 / 11 * 11, "/* " + std::string(1'000'000, ';') + " */\n");
  EXPECT_EQ(tokens(commented), tokens(sql));
  EXPECT_NE(tokens(sql + "SELECT 2"), tokens(sql));
}

TEST(TokenChecksum, PassesOverWhatChangesNothing) {
  const Checksum checksum = tokens("CREATE TABLE users (id int);");
  EXPECT_EQ(tokens("-- Copyright\n/* a /* b */ */ create  table USERS\r\n( iD\tint ) ; -- end"), checksum);
}

TEST(TokenChecksum, ChangesWithAStatement) {
  for (const auto& [a, b] : std::vector<std::pair<std::string, std::string>>{
           {"SELECT 'A'", "SELECT 'a'"},
           {"SELECT \"A\"", "SELECT \"a\""},
           {"SELECT 1 - 1", "SELECT 1 + 1"},
           {"SELECT $$ -- a\n$$", "SELECT $$ -- b\n$$"},
           {"SELECT a b", "SELECT ab"},
           {"SELECT 1; SELECT 2", "SELECT 1 SELECT 2"},
           {"SELECT 1", "SELECT 1.0"},
           {"SELECT É", "SELECT é"},
           {"SELECT 'a'\n'b'", "SELECT 'a'\n'c'"},
           {"SELECT 1_000", "SELECT 1_001"},
           {"SELECT U&'a'", "SELECT U&'b'"},
           {"SELECT U&'a' x", "SELECT U&'b' x"},
           {R"(SELECT U&"a" UESCAPE '!')", R"(SELECT U&"b" UESCAPE '!')"},
           {"SELECT 'open", "SELECT  'open"},
           {"", "SELECT"},
       })
    EXPECT_NE(tokens(a), tokens(b)) << a;
}

TEST(TokenChecksum, KnowsNumbersOfNewerServers) {
  EXPECT_EQ(tokens("SELECT 1_000, 0xFF -- x\n"), tokens("select  1_000,0xFF"));
}

// A script's tokens, written down apart, so that anything that is not one can be put between them.
const std::vector<std::vector<std::string>> scripts{
    {"CREATE", "TABLE", "\"Users\"", "(", "id", "bigint", "PRIMARY", "KEY", ",", "name", "text", "DEFAULT", "'it''s'",
     ")", ";"},
    {"INSERT", "INTO",    "t", "(", "a", ",", "b",     ")", "VALUES",  "(", "1",
     ",",      "E'\\'x'", ")", ",", "(", "-", "2.5e3", ",", "$$;--$$", ")", ";"},
    {"CREATE", "FUNCTION", "f", "(", ")", "RETURNS", "int", "LANGUAGE", "plpgsql", "AS",
     "$f$ BEGIN -- c\n RETURN 1; END $f$", ";"},
    {"SELECT", "a", "->>", "'b'", "::", "text", "||", "U&'d\\0061'", "FROM", "\"T\"", "WHERE", "x", "<=", "$1", "AND",
     "y", "@>", "B'01'", ";"},
    {"SELECT", R"(U&"a b")", "UESCAPE", "'!'", ",", "1_000", ",", "0xFF", ",", "größe", ";", "FROBNICATE", ";"},
};

class Chance {
 public:
  Chance()
      : seed_{std::getenv("SLIPWAY_TEST_SEED") ? std::stoul(std::getenv("SLIPWAY_TEST_SEED")) : std::random_device{}()},
        engine_{seed_} {}
  unsigned long seed() const { return seed_; }
  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>{0, limit - 1}(engine_); }

 private:
  unsigned long seed_;
  std::mt19937_64 engine_;
};

std::string gap(Chance& chance) {
  static const std::array<std::string, 9> pieces{
      " ", "\n", "\t", "\r\n", "\f", "-- a comment's\n", "/* ; ' */", "/* a /* b\n */ $$ */", "--\r\n"};
  std::string result = " ";
  for (std::size_t count = chance.below(4); count > 0; --count)
    result += pieces.at(chance.below(pieces.size()));
  return result + " ";
}

std::string written(const std::vector<std::string>& script, Chance& chance) {
  std::string sql;
  for (const std::string& token : script) {
    std::string text = token;
    // A word's case is free; what is quoted, a number, or not ASCII is not.
    if (text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos)
      for (char& c : text)
        c = static_cast<char>(chance.below(2) == 0 ? std::toupper(c) : std::tolower(c));
    sql += gap(chance) + text;
  }
  return sql + gap(chance);
}

TEST(TokenChecksumProperty, WhatStandsBetweenTokensNeverChangesIt) {
  Chance chance;
  for (const auto& script : scripts) {
    const Checksum expected = tokens(written(script, chance));
    for (int i = 0; i < 300; ++i) {
      const std::string sql = written(script, chance);
      ASSERT_EQ(tokens(sql), expected) << "SLIPWAY_TEST_SEED=" << chance.seed() << "\n" << sql;
    }
  }
}

TEST(TokenChecksumProperty, AChangedTokenAlwaysChangesIt) {
  Chance chance;
  const std::vector<std::string> others{"zebra", "'zebra'", "\"zebra\"", "4711", "<->", "$$zebra$$"};
  for (const auto& script : scripts) {
    const Checksum original = tokens(written(script, chance));
    for (std::size_t i = 0; i < script.size(); ++i) {
      for (const std::string& other : others) {
        auto replaced = script;
        replaced[i] = other;
        ASSERT_NE(tokens(written(replaced, chance)), original) << "SLIPWAY_TEST_SEED=" << chance.seed();
      }
      auto dropped = script;
      dropped.erase(dropped.begin() + static_cast<std::ptrdiff_t>(i));
      ASSERT_NE(tokens(written(dropped, chance)), original) << "SLIPWAY_TEST_SEED=" << chance.seed();
      auto doubled = script;
      doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(i), script[i]);
      ASSERT_NE(tokens(written(doubled, chance)), original) << "SLIPWAY_TEST_SEED=" << chance.seed();
      if (i > 0 && script[i] != script[i - 1]) {
        auto swapped = script;
        std::swap(swapped[i], swapped[i - 1]);
        ASSERT_NE(tokens(written(swapped, chance)), original) << "SLIPWAY_TEST_SEED=" << chance.seed();
      }
    }
  }
}

Checksum of_first(const std::string& sql, std::size_t count) {
  const std::vector<Statement> statements = split(Script{.sql = sql});
  return statements_checksum(std::span{statements}.first(count));
}

TEST(StatementsChecksum, IsThatOfTheFirstStatementsWhateverFollows) {
  const std::string sql = "INSERT INTO t VALUES (1);\nSELECT 2;\nSELECT 3;";
  EXPECT_EQ(of_first(sql, 2), of_first("insert into T\n  values (1) ; -- one\nSELECT 2; SELECT 'other'", 2));
  EXPECT_EQ(of_first(sql, 0), of_first("SELECT 9", 0));
  EXPECT_NE(of_first(sql, 1), of_first(sql, 2));
  EXPECT_NE(of_first(sql, 2), of_first("INSERT INTO t VALUES (1);\nSELECT 3;", 2));
  EXPECT_NE(of_first(sql, 1), of_first("INSERT INTO t VALUES (2);", 1));
  EXPECT_NE(of_first("SELECT 1; SELECT 2;", 2), of_first("SELECT 2; SELECT 1;", 2));
}

TEST(StatementsChecksum, OfAStatementThatCannotBeScannedIsThatOfItsBytes) {
  EXPECT_NE(of_first("SELECT 'a", 1), of_first("SELECT 'b", 1));
  EXPECT_EQ(of_first("SELECT 'a", 1), of_first("SELECT 'a", 1));
}

}  // namespace
}  // namespace slipway
