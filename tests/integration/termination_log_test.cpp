#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/project.h"

// --termination-log: the reason, where Kubernetes looks for it.

namespace slipway::fixture {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class TerminationLog : public testing::Test {
 protected:
  TerminationLog() {
    project.write("001_bad.sql", "SELECT 1;\nINSERT INTO nowhere VALUES (1);");
    project.write_file("reason", "");
    project.set("SLIPWAY_TERMINATION_LOG", "reason");
  }
  std::string reason() const { return read_file(project.folder() / "reason"); }

  Project project;
};

TEST_F(TerminationLog, HasWhatFailedWhereAndTheExitCode) {
  EXPECT_EQ(project.run({"run", "--", "/bin/true"}).exit_code, 73);
  EXPECT_THAT(reason(), HasSubstr("001_bad.sql:3"));
  EXPECT_THAT(reason(), HasSubstr("relation \"nowhere\" does not exist"));
  EXPECT_THAT(reason(), EndsWith("\nexit code 73\n"));
}

TEST_F(TerminationLog, StaysEmptyWhereTheApplicationIsStarted) {
  project.remove("migrations/001_bad.sql");
  project.write("001_good.sql", "SELECT 1;");
  EXPECT_EQ(project.run({"run", "--", "/bin/sh", "-c", "exit 7"}).exit_code, 7);
  EXPECT_EQ(reason(), "");
}

TEST_F(TerminationLog, HasNoPassword) {
  project.set("DATABASE_URL", project.database().server().url(project.database().name(), "postgres", "wrong-secret"));
  EXPECT_EQ(project.run({"run", "--wait-grace", "0", "--", "/bin/true"}).exit_code, 77);
  EXPECT_THAT(reason(), HasSubstr("password authentication failed"));
  EXPECT_THAT(reason(), Not(HasSubstr("wrong-secret")));
}

TEST_F(TerminationLog, HasAMistakeInTheSettingsAndTheCommandLineToo) {
  project.set("SLIPWAY_LOCK_WAIT", "soon");
  EXPECT_EQ(project.run({"run", "--", "/bin/true"}).exit_code, 78);
  EXPECT_THAT(reason(), StartsWith("SLIPWAY_LOCK_WAIT: \"soon\" is not a duration\nhint: "));
  EXPECT_EQ(project.run({"run", "--termination-log", "other", "--", "/bin/true"}).exit_code, 78);
  EXPECT_THAT(read_file(project.folder() / "other"), EndsWith("\nexit code 78\n"));
}

TEST_F(TerminationLog, HasACommandLineThatIsNotUnderstood) {
  EXPECT_EQ(project.run({"run", "--lock-wiat", "5s", "--", "/bin/true"}).exit_code, 64);
  EXPECT_THAT(reason(), HasSubstr("--lock-wiat"));
  EXPECT_THAT(reason(), EndsWith("\nexit code 64\n"));
}

TEST_F(TerminationLog, HasNoPasswordOfAUrlInTheWrongPlace) {
  const Finished check = project.run({"check", "postgresql://u:hunter2@h/d"});
  EXPECT_EQ(check.exit_code, 64);
  EXPECT_THAT(check.err, Not(HasSubstr("hunter2")));
  EXPECT_THAT(reason(), HasSubstr("postgresql://u:***@h/d"));
  EXPECT_THAT(reason(), Not(HasSubstr("hunter2")));
}

TEST_F(TerminationLog, ThatCanNotBeWrittenChangesNothing) {
  project.set("SLIPWAY_TERMINATION_LOG", "/no/such/folder/reason");
  const Finished run = project.run({"run", "--", "/bin/true"});
  EXPECT_EQ(run.exit_code, 73);
  EXPECT_THAT(run.err, HasSubstr("nowhere"));
}

}  // namespace
}  // namespace slipway::fixture
