#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/project.h"

// Where the folder and the ledger disagree: scripts edited after they ran, revisions behind the head, a database ahead.

namespace slipway::fixture {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(Checksums, AnEditedScriptIsAnErrorThatSaysWhatChanged) {
  Project project;
  project.write_two_revisions();
  project.run({"upgrade"});
  project.write("002_two.sql", "CREATE TABLE two (id int PRIMARY KEY, more text);\nINSERT INTO audit VALUES ('002');");
  const Finished error = project.run({"upgrade"});
  EXPECT_EQ(error.exit_code, 65);
  EXPECT_THAT(error.err, HasSubstr("migrations/002_two.sql): a statement is not the one that ran"));
  EXPECT_THAT(error.err, HasSubstr("slipway accept 002"));

  const Finished warn = project.run({"upgrade", "--checksums", "warn"});
  EXPECT_EQ(warn.exit_code, 0);
  EXPECT_THAT(warn.err, HasSubstr("warning 002"));
  const Finished ignore = project.run({"upgrade", "--checksums", "ignore"});
  EXPECT_EQ(ignore.exit_code, 0);
  EXPECT_THAT(ignore.err, Not(HasSubstr("not the one that ran")));

  EXPECT_EQ(project.run({"accept", "002"}).exit_code, 0);
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
}

TEST(Checksums, AnAddedStatementIsCounted) {
  Project project;
  project.write_two_revisions();
  project.run({"upgrade"});
  project.write("002_two.sql", "CREATE TABLE two (id int PRIMARY KEY);\nINSERT INTO audit VALUES ('002');\nSELECT 1;");
  EXPECT_THAT(project.run({"upgrade"}).err, HasSubstr("it has 3 statements now, and had 2 when it ran"));
}

TEST(Checksums, CommentsWhiteSpaceAndDowngradesDoNotCount) {
  Project project;
  project.write_two_revisions();
  project.run({"upgrade"});
  project.write_file("migrations/002_two.sql",
                     "-- Copyright: us\n-- migrate:up\r\n  create table TWO\n (id int /* key */ primary key);\n"
                     "INSERT INTO audit VALUES ('002');\n-- migrate:down\nDROP TABLE two CASCADE;\n");
  const Finished upgrade = project.run({"upgrade", "--log-level", "debug"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_THAT(upgrade.err, HasSubstr("only comments or white space changed"));
}

TEST(OutOfOrder, ARevisionBehindTheHeadThatNeverRanIsAnError) {
  Project project;
  project.write_two_revisions();
  project.write("004_four.sql", "CREATE TABLE four ();");
  project.run({"upgrade"});
  project.write("003_late.sql", "CREATE TABLE late ();\nINSERT INTO audit VALUES ('003');");
  const Finished refused = project.run({"upgrade"});
  EXPECT_EQ(refused.exit_code, 65);
  EXPECT_THAT(refused.err, HasSubstr("003_late.sql"));
  EXPECT_THAT(refused.err, HasSubstr("--out-of-order"));

  const Finished allowed = project.run({"upgrade", "--out-of-order"});
  EXPECT_EQ(allowed.exit_code, 0) << allowed.err;
  EXPECT_THAT(project.heads(), ElementsAre("004"));
  EXPECT_EQ(project.database().value("SELECT count(*) FROM audit WHERE revision = '003'"), "1");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
}

TEST(OutOfOrder, AcceptRecordsItAsApplied) {
  Project project;
  project.write("001_one.sql", "SELECT 1;");
  project.write("003_three.sql", "SELECT 1;");
  project.run({"upgrade"});
  project.write("002_two.sql", "CREATE TABLE never ();");
  EXPECT_EQ(project.run({"accept", "002"}).exit_code, 0);
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
  EXPECT_EQ(project.database().value("SELECT to_regclass('never') IS NULL"), "t");
}

TEST(Ahead, ADatabaseThatIsAheadIsRefusedUnlessAllowed) {
  Project project;
  project.write_two_revisions();
  project.run({"upgrade"});
  project.remove("migrations/002_two.sql");
  const Finished refused = project.run({"run", "--", "/bin/echo", "started"});
  EXPECT_EQ(refused.exit_code, 65);
  EXPECT_THAT(refused.err, HasSubstr("at revision 002"));
  EXPECT_THAT(refused.err, HasSubstr("check out the branch, that has 002 (there, slipway downgrade goes back)"));
  EXPECT_THAT(refused.out, Not(HasSubstr("started")));

  const Finished allowed = project.run({"run", "--ahead", "allow", "--", "/bin/echo", "started"});
  EXPECT_EQ(allowed.exit_code, 0) << allowed.err;
  EXPECT_THAT(allowed.out, HasSubstr("started"));
  EXPECT_THAT(allowed.err, HasSubstr("ahead of this migrations folder"));
}

}  // namespace
}  // namespace slipway::fixture
