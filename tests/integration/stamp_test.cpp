#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "integration/shop.h"

// Telling the ledger where a database is, without running anything.

namespace slipway::fixture {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Stamp : public testing::Test {
 protected:
  void fails_with(int code, const std::vector<std::string>& arguments, const std::string& words) {
    const Finished finished = shop.run(arguments);
    EXPECT_EQ(finished.exit_code, code) << finished.err;
    EXPECT_THAT(finished.err, HasSubstr(words));
  }

  Finished done(const std::vector<std::string>& arguments) {
    Finished finished = shop.run(arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    return finished;
  }

  // Of the shop's own.
  std::vector<std::string> tables() const {
    return shop.database().rows("SELECT relname FROM pg_class WHERE relname ~ '^[abc][0-9]+$' ORDER BY 1");
  }

  Shop shop;
};

TEST_F(Stamp, WritesRowsAndJournalAndRunsNothing) {
  const json result = json::parse(done({"stamp", "billing@head", "--format", "json"}).out);
  EXPECT_EQ(result.at("before"), json::array());
  EXPECT_EQ(result.at("after"), json::parse(R"(["b200"])"));
  EXPECT_EQ(result.at("database"), shop.database().name());
  EXPECT_THAT(shop.heads(), ElementsAre("b200"));
  EXPECT_THAT(shop.journal(), ElementsAre("a100 stamp done", "b100 stamp done", "b200 stamp done"));
  EXPECT_THAT(tables(), IsEmpty());
}

TEST_F(Stamp, WhatIsBelowAStampIsNotTakenForForgotten) {
  done({"stamp", "b100"});
  shop.database().execute("CREATE TABLE a100 (); CREATE TABLE b100 ()");
  done({"upgrade"});
  EXPECT_THAT(shop.heads(), ElementsAre("a200", "b200"));
  EXPECT_THAT(tables(), ElementsAre("a100", "a200", "b100", "b200"));
  done({"check", "--allow-multiple-heads"});
}

TEST_F(Stamp, TakesThePlaceOfTheRowsOnItsLineAndLeavesTheOthers) {
  done({"upgrade"});
  done({"stamp", "b100"});
  EXPECT_THAT(shop.heads(), ElementsAre("a200", "b100"));
  EXPECT_EQ(shop.journal().back(), "b200 unstamp done");
  EXPECT_THAT(tables(), ElementsAre("a100", "a200", "b100", "b200")) << "nothing was undone";
  done({"stamp", "a200", "b200"});
  EXPECT_THAT(shop.heads(), ElementsAre("a200", "b200"));
}

TEST_F(Stamp, BaseEmptiesTheTable) {
  done({"upgrade"});
  done({"stamp", "base"});
  EXPECT_THAT(shop.heads(), IsEmpty());
  fails_with(64, {"stamp", "base", "a100"}, "can't be at base and at a revision");
}

TEST_F(Stamp, WhereNothingChangesNothingIsWritten) {
  done({"upgrade"});
  const std::vector<std::string> before = shop.journal();
  EXPECT_THAT(done({"stamp", "heads"}).err, HasSubstr("is at a200, b200 already"));
  EXPECT_EQ(shop.journal(), before);
}

TEST_F(Stamp, JournalsWhatAnotherToolHadAppliedBefore) {
  shop.database().execute(
      "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL); INSERT INTO alembic_version VALUES ('a100')");
  done({"stamp", "a200"});
  EXPECT_THAT(shop.journal(), ElementsAre("a100 adopt done", "a200 stamp done"));
}

TEST_F(Stamp, PurgeForgetsWhateverTheTableHolds) {
  done({"upgrade", "core@head"});
  shop.database().execute("UPDATE alembic_version SET version_num = 'gone'");
  fails_with(65, {"stamp", "heads"}, "--purge");
  done({"stamp", "--purge", "a100"});
  EXPECT_THAT(shop.heads(), ElementsAre("a100"));
  EXPECT_THAT(shop.journal(),
              ElementsAre("a100 upgrade done", "a200 upgrade done", "gone unstamp done", "a100 stamp done"));
}

TEST_F(Stamp, MistakesNameWhatWasMeant) {
  fails_with(64, {"stamp", "a300"}, "did you mean a100 or a200?");
  fails_with(64, {"stamp", "head"}, "a200, b200");
  fails_with(64, {"stamp", "+1"}, "a stamp needs a revision");
  fails_with(64, {"stamp"}, "TARGET");
  fails_with(64, {"stamp", "a100", "--purge", "--sql"}, "--purge");
}

TEST_F(Stamp, IsRefusedWhileAnotherSessionMigrates) {
  done({"ensure-version"});
  write_revision(shop, "c100", "revises: a200, b200");
  const auto lock = shop.database().connect();
  shop.write_file(
      "migrations/a100.sql",
      "-- Slow\n-- revision: a100\n-- revises:\n-- branch-labels: core\n-- migrate:up\nSELECT pg_sleep(30);\n");
  const auto upgrade = shop.start({"upgrade"});
  while (
      shop.database().value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM "
                            "pg_database WHERE datname = current_database())") == "0" &&
      upgrade->is_running()) {
  }
  fails_with(75, {"stamp", "heads"}, "another session is migrating");
}

TEST_F(Stamp, EnsureVersionMakesTheTablesOnce) {
  EXPECT_THAT(done({"ensure-version"}).err, HasSubstr("created the version table and the journal"));
  EXPECT_THAT(shop.heads(), IsEmpty());
  EXPECT_THAT(shop.journal(), IsEmpty());
  EXPECT_THAT(done({"ensure-version"}).err, HasSubstr("exist already"));
}

}  // namespace
}  // namespace slipway::fixture
