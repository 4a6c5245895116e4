#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "integration/shop.h"

namespace slipway::fixture {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> kinds(const json& result) {
  std::vector<std::string> kinds;
  for (const json& finding : result.at("findings"))
    kinds.push_back(finding.at("kind").get<std::string>() + " " + finding.at("revisions").at(0).get<std::string>());
  return kinds;
}

class Check : public testing::Test {
 protected:
  Check() { project.write_two_revisions(); }

  Finished check(std::vector<std::string> options = {}) {
    options.insert(options.begin(), "check");
    return project.run(options);
  }

  json findings(std::vector<std::string> options = {}) {
    options.insert(options.end(), {"--format", "json"});
    const Finished finished = check(options);
    json result = json::parse(finished.out);
    EXPECT_EQ(finished.exit_code, result.at("ok").get<bool>() ? 0 : 1) << finished.err;
    return result;
  }

  Project project;
};

TEST_F(Check, AFolderInOrderIsSilentOnStdout) {
  project.set("DATABASE_URL", "");
  const Finished fine = check();
  EXPECT_EQ(fine.exit_code, 0) << fine.err;
  EXPECT_THAT(fine.out, IsEmpty());
  EXPECT_THAT(fine.err, HasSubstr("no problems found: 2 revisions, head 002\n"));
  EXPECT_EQ(findings().at("database"), nullptr);
  project.remove("migrations/002_two.sql");
  EXPECT_THAT(check().err, HasSubstr("no problems found: 1 revision, head 001\n"));
}

TEST_F(Check, SeveralHeadsAreAFindingThatSaysWhatToDo) {
  Shop shop;
  const Finished several = shop.run({"check", "--offline"});
  EXPECT_EQ(several.exit_code, 1);
  EXPECT_THAT(several.out, HasSubstr("there are several heads: a200, b200; "));
  EXPECT_THAT(several.out, HasSubstr("slipway rebase b200 --onto a200"));
  EXPECT_EQ(shop.run({"check", "--offline", "--allow-multiple-heads"}).exit_code, 0);
}

TEST_F(Check, AFolderThatCannotBeReadIsExitCode65) {
  project.write_file("migrations/003_three.sql", "SELECT 1;\n");
  EXPECT_EQ(check({"--offline"}).exit_code, 65);
  project.write("003_three.sql", "BEGIN;\nCREATE TABLE three ();\nCOMMIT;");
  const Finished bad_script = check({"--offline"});
  EXPECT_EQ(bad_script.exit_code, 65);
  EXPECT_THAT(bad_script.err, HasSubstr("migrations/003_three.sql:2"));
  Shop shop;
  write_revision(shop, "c100", "revises: a20");
  EXPECT_EQ(shop.run({"check", "--offline"}).exit_code, 65);
}

TEST_F(Check, PendingRevisionsAreFindingsUnlessAllowed) {
  EXPECT_THAT(kinds(findings()), testing::ElementsAre("pending 001", "pending 002"));
  EXPECT_THAT(kinds(findings({"--allow-pending"})), IsEmpty());
  ASSERT_EQ(project.run({"upgrade", "001"}).exit_code, 0);
  EXPECT_THAT(check().out, HasSubstr("002 two (migrations/002_two.sql) is not applied to database '"));
  ASSERT_EQ(project.run({"upgrade"}).exit_code, 0);
  const json fine = findings();
  EXPECT_EQ(fine.at("ok"), true);
  EXPECT_EQ(fine.at("database"), project.database().name());
  EXPECT_EQ(fine.at("revisions"), 2);
  EXPECT_EQ(fine.at("heads"), json::parse(R"(["002"])"));
}

TEST_F(Check, EditedAndInsertedRevisionsAreFindings) {
  project.write("010_ten.sql", "CREATE TABLE ten ();", "DROP TABLE ten;");
  ASSERT_EQ(project.run({"upgrade"}).exit_code, 0);
  project.write("002_two.sql", "CREATE TABLE two (id bigint PRIMARY KEY);\nINSERT INTO audit VALUES ('002');");
  project.write("005_five.sql", "CREATE TABLE five ();", "DROP TABLE five;");
  EXPECT_THAT(kinds(findings()), testing::ElementsAre("edited 002", "out_of_order 005"));
  EXPECT_THAT(kinds(findings({"--checksums", "ignore", "--out-of-order"})), testing::ElementsAre("pending 005"));
}

TEST_F(Check, ADatabaseThatIsAheadIsAFinding) {
  ASSERT_EQ(project.run({"upgrade"}).exit_code, 0);
  project.remove("migrations/002_two.sql");
  EXPECT_THAT(kinds(findings()), testing::ElementsAre("unknown 002"));
}

TEST_F(Check, AScriptThatWasCutOffIsAFinding) {
  ASSERT_EQ(project.run({"upgrade"}).exit_code, 0);
  project.write("003_three.sql", "CREATE TABLE three ();\nSELECT 1 / 0;", "SELECT 1;", "transaction:false");
  ASSERT_EQ(project.run({"upgrade"}).exit_code, 73);
  EXPECT_THAT(kinds(findings({"--allow-pending"})), testing::ElementsAre("cut_off 003"));
}

TEST_F(Check, NeverWrites) {
  ASSERT_EQ(check().exit_code, 1);
  EXPECT_EQ(project.database().value("SELECT to_regclass('alembic_version') IS NULL"), "t");
}

TEST_F(Check, ADatabaseThatDoesNotAnswerIsNoFinding) {
  project.set("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none");
  EXPECT_EQ(check({"--wait-timeout", "0"}).exit_code, 69);
  EXPECT_EQ(check({"--offline"}).exit_code, 0);
}

}  // namespace
}  // namespace slipway::fixture
