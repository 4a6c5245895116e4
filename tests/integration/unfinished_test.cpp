#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fixture/gate.h"
#include "integration/project.h"

// A script without a transaction that began and did not come to its end: what only one state of it shows. The states
// and what the next image can bring are crossed in unfinished_states_test.cpp.

namespace slipway::fixture {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

using Command = std::vector<std::string>;

std::string insert(const std::string& letter) {
  return "INSERT INTO audit VALUES ('" + letter + "');";
}

class UnfinishedScript : public testing::Test {
 protected:
  UnfinishedScript() {
    project.write("001_audit.sql", "CREATE TABLE audit (letter text);\nCREATE TABLE orders (customer int);");
    EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
  }

  void write_alone(const std::string& script, const std::string& name = "002_alone.sql") {
    project.write(name, script, "SELECT 1;", "transaction:false");
  }
  Finished fails(int code, const Command& command = {"upgrade"}) {
    Finished finished = project.run(command);
    EXPECT_EQ(finished.exit_code, code) << finished.err;
    return finished;
  }
  Finished done(const Command& command = {"upgrade"}) { return fails(0, command); }
  void execute(const std::string& sql) { project.database().execute(sql); }
  std::vector<std::string> letters() { return project.database().rows("SELECT letter FROM audit ORDER BY 1"); }

  Project project;
};

// A kill in the VACUUM leaves what a failure behind it would, had it come so far.
TEST_F(UnfinishedScript, InDoubtAboutAStatementThatCanBeRepeatedMayBeEditedBehindIt) {
  write_alone(insert("a") + "\nVACUUM audit;\nINSERT INTO missing VALUES (1);");
  fails(73);
  const std::string in_doubt =
      "UPDATE slipway_journal SET state = 'in doubt', statements_done = 1 WHERE revision = '002'";
  execute(in_doubt);
  write_alone(insert("a") + "\nVACUUM orders;\n" + insert("b"));
  EXPECT_THAT(fails(73).err, HasSubstr("a statement that is done, or the one in doubt, was edited since"));
  write_alone(insert("a") + "\nVACUUM audit;\n" + insert("b"));
  EXPECT_THAT(done().err, HasSubstr("its script was edited since; continuing with the next one"));
  EXPECT_THAT(letters(), ElementsAre("a", "b"));
  done({"check"});
}

TEST_F(UnfinishedScript, ThatTheFolderNoLongerHasIsResolvedByItsName) {
  write_alone(insert("a") + "\nINSERT INTO missing VALUES (1);");
  fails(73);
  project.remove("migrations/002_alone.sql");
  EXPECT_THAT(fails(64, {"resolve", "003", "--retry"}).err, HasSubstr("it is 002 that failed after 1 of its 2"));
  EXPECT_THAT(done({"resolve", "002", "--retry"}).err, HasSubstr("the progress of 002 is discarded"));
  done();
  EXPECT_THAT(fails(64, {"resolve", "002", "--retry"}).err, HasSubstr("no script is unfinished"));
}

// What it revises is not known without the folder, so every row stays.
TEST_F(UnfinishedScript, ThatTheFolderNoLongerHasIsRecordedAsDoneBesideTheOthers) {
  write_alone(insert("a") + "\nINSERT INTO missing VALUES (1);");
  fails(73);
  const std::string text = read_file(project.folder() / "migrations/002_alone.sql");
  project.remove("migrations/002_alone.sql");
  done({"resolve", "002", "--done"});
  EXPECT_THAT(project.heads(), ElementsAre("001", "002"));
  EXPECT_THAT(fails(65).err, HasSubstr("at revision 002"));
  project.write_file("migrations/002_alone.sql", text);
  done();
  project.write("003_more.sql", insert("b"));
  done();
  EXPECT_THAT(project.heads(), ElementsAre("003"));
  EXPECT_THAT(letters(), ElementsAre("a", "b"));
}

// A slipway before the checksum of what is done wrote that of the script's bytes.
TEST_F(UnfinishedScript, OfAnEarlierSlipwayGoesOnUnlessItWasEdited) {
  write_alone(insert("a") + "\nINSERT INTO missing VALUES (1);");
  fails(73);
  execute("UPDATE slipway_journal SET byte_checksum = repeat('0', 64) WHERE revision = '002'");
  write_alone(insert("a") + "\n" + insert("b"));
  EXPECT_THAT(fails(73).err, HasSubstr("resolve 002 --done"));
  write_alone(insert("a") + "\n INSERT INTO missing VALUES (1);");
  execute("CREATE TABLE missing (i int)");
  done();
  done({"check"});
  EXPECT_THAT(letters(), ElementsAre("a"));
}

TEST_F(UnfinishedScript, OfANewerImageIsNotTakenForAnother) {
  write_alone(insert("a") + "\nINSERT INTO missing VALUES (1);", "009_newer.sql");
  fails(73);
  project.remove("migrations/009_newer.sql");
  write_alone(insert("b") + "\n" + insert("c"));
  EXPECT_THAT(fails(65).err, HasSubstr("the migrations folder does not have 009"));
  done({"upgrade", "--ahead", "allow"});
  EXPECT_THAT(letters(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(project.journal(), Contains("009 upgrade failed"));
  done({"health", "--ahead", "allow"});
}

// Its id comes last, but it has begun.
TEST_F(UnfinishedScript, GoesOnBeforeWhatWouldComeBeforeIt) {
  const auto write_branch = [&](const std::string& id, const std::string& script) {
    project.write_file("migrations/" + id + ".sql", "-- revision: " + id +
                                                        "\n-- revises: 001\n-- migrate:up transaction:false\n" +
                                                        script + "\n-- migrate:down\nSELECT 1;\n");
  };
  project.remove("migrations/001_audit.sql");
  project.write_file("migrations/001.sql",
                     "-- revision: 001\n-- revises:\n-- migrate:up\nCREATE TABLE audit (letter text);\nCREATE TABLE "
                     "orders (customer int);\n");
  write_branch("b200", insert("a") + "\nINSERT INTO missing VALUES (1);");
  fails(73);
  write_branch("a100", insert("b"));
  write_branch("b200", insert("a") + "\n" + insert("c"));
  const std::string plan = done({"upgrade", "--dry-run"}).out;
  EXPECT_LT(plan.find("b200"), plan.find("a100")) << plan;
  done();
  EXPECT_THAT(project.heads(), ElementsAre("a100", "b200"));
  EXPECT_THAT(letters(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(project.database().rows("SELECT revision FROM slipway_journal ORDER BY finished_at"),
              ElementsAre("001", "b200", "a100"));
}

TEST_F(UnfinishedScript, IsFinishedBeforeTheDatabaseGoesAnotherWay) {
  write_alone(insert("a") + "\nINSERT INTO missing VALUES (1);");
  fails(73);
  for (const Command& command : std::vector<Command>{{"downgrade", "base"}, {"upgrade", "001"}, {"stamp", "002"}}) {
    const Finished refused = fails(73, command);
    EXPECT_THAT(refused.err,
                HasSubstr("the upgrade of 002 failed after 1 of its 2 statements, and has to be finished"));
    EXPECT_THAT(refused.err, HasSubstr("finish it with `slipway upgrade`"));
  }
  EXPECT_THAT(letters(), ElementsAre("a"));
}

TEST_F(UnfinishedScript, ThatDidNothingIsInNobodysWay) {
  write_alone("INSERT INTO missing VALUES (1);\n" + insert("a"));
  const auto leave = [&] {
    fails(73);
    done({"check", "--allow-pending"});
  };
  leave();
  EXPECT_THAT(done({"upgrade", "--dry-run"}).out, HasSubstr("002"));
  EXPECT_THAT(project.journal(), Contains("002 upgrade failed")) << "who only asks writes nothing";
  done({"stamp", "002"});
  EXPECT_THAT(project.journal(), ElementsAre("001 upgrade done", "002 stamp done"));
  done({"stamp", "001"});
  leave();
  done({"upgrade", "001"});
  EXPECT_THAT(project.journal(), Not(Contains("002 upgrade failed")));
  leave();
  done({"downgrade", "base"});
}

TEST_F(UnfinishedScript, ThatLeftAnInvalidIndexSaysSo) {
  execute("INSERT INTO orders VALUES (1), (1)");
  const std::string build = "CREATE UNIQUE INDEX CONCURRENTLY orders_customer ON orders (customer);";
  write_alone(build);
  EXPECT_THAT(fails(73).err, HasSubstr("The INVALID index public.orders_customer is left; the next run drops it."));
  write_alone("CREATE INDEX CONCURRENTLY orders_by_customer ON orders (customer);");
  EXPECT_THAT(done().err, HasSubstr("the INVALID index public.orders_customer may be left of 002; if it is, drop it"));
  execute("DROP INDEX orders_customer");

  write_alone(build, "003_unique.sql");
  fails(73);
  project.remove("migrations/003_unique.sql");
  EXPECT_THAT(done().err, HasSubstr("the INVALID index public.orders_customer may be left of 003"));
  EXPECT_THAT(done().err, Not(HasSubstr("INVALID")));
}

TEST_F(UnfinishedScript, ThatRunsInAnotherSessionIsNotCutOff) {
  write_alone("SELECT pg_advisory_xact_lock_shared(7);\n" + insert("a"));
  std::optional<Gate> gate{std::in_place, project.database(), 7};
  const auto upgrade = project.start({"upgrade", "--lock-timeout", "0"});
  project.wait_until(*upgrade, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
  const auto check = nlohmann::json::parse(project.run({"check", "--format", "json"}).out);
  EXPECT_EQ(check.at("findings").at(0).at("kind"), "under_way") << check;
  EXPECT_THAT(check.at("findings").at(0).at("message").get<std::string>(), HasSubstr("in another session: pid "));
  done({"check", "--allow-pending"});
  write_alone("SELECT 1;\n" + insert("a"));
  project.write("002_alone.sql", "SELECT 1;\n" + insert("a"));
  EXPECT_THAT(fails(75).err, HasSubstr("the upgrade of 002 is running in another session"));
  fails(75, {"resolve", "002", "--retry"});
  gate.reset();
  EXPECT_EQ(upgrade->wait().exit_code, 0);
  EXPECT_THAT(letters(), ElementsAre("a"));
}

}  // namespace
}  // namespace slipway::fixture
