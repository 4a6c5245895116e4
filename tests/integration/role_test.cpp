#include "integration/role.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/project.h"

// --role names a role that the login may not become, or that does not exist: every command says so.

namespace slipway::fixture {
namespace {

using testing::HasSubstr;
using testing::Not;

using Command = std::vector<std::string>;

class RoleOfTheRun : public testing::Test {
 protected:
  RoleOfTheRun() {
    project.write_two_revisions();
    project.write("003_alone.sql", "VACUUM one;", "SELECT 1;", "transaction:false");
    project.database().execute("GRANT ALL ON SCHEMA public TO " + owner.name());
    project.set("DATABASE_URL", login.url());
    project.set("SLIPWAY_ROLE", owner.name());
  }

  void fails_with(int code, const Command& command, const std::string& message, const std::string& hint) {
    const Finished refused = project.run(command);
    EXPECT_EQ(refused.exit_code, code) << command.front() << refused.err;
    EXPECT_THAT(refused.err, HasSubstr(message));
    EXPECT_THAT(refused.err, HasSubstr(hint));
    EXPECT_THAT(refused.err, Not(HasSubstr("SELECT on")));
  }

  static std::vector<Command> commands() {
    return {{"upgrade"},
            {"upgrade", "--dry-run"},
            {"downgrade"},
            {"run", "--", "/bin/true"},
            {"run", "--migrate-with", "true", "--", "/bin/true"},
            {"stamp", "002"},
            {"ensure-version"},
            {"accept", "002"},
            {"resolve", "002", "--done"},
            {"current"},
            {"check"},
            {"history", "-i"},
            {"wait", "--for", "head", "--wait-timeout", "0"}};
  }

  Project project;
  Role login{project.database()};
  Role owner{project.database(), "NOLOGIN"};
};

TEST_F(RoleOfTheRun, ThatTheLoginMayNotBecomeIsNamedWithItsGrant) {
  const std::string message = login.name() + " is not allowed to SET ROLE " + owner.name();
  const std::string hint = "GRANT " + owner.name() + " TO " + login.name();
  for (const Command& command : commands())
    fails_with(77, command, message, hint);
  const Finished health = project.run({"health"});
  EXPECT_EQ(health.exit_code, 1);
  EXPECT_THAT(health.err, HasSubstr(message));
  project.database().execute(hint);
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
}

TEST_F(RoleOfTheRun, ThatDoesNotExistIsNamed) {
  project.set("SLIPWAY_ROLE", "Nobody \"there\"");
  for (const Command& command : commands())
    fails_with(78, command, "the role 'Nobody \"there\"' does not exist", "--role");
}

TEST_F(RoleOfTheRun, ThatAMembershipKeepsFromBeingSetIsNamedWithTheOption) {
  if (project.database().server().major_version() < 16) GTEST_SKIP() << "PostgreSQL 16 brought it";
  project.database().execute("GRANT " + owner.name() + " TO " + login.name() + " WITH SET FALSE");
  const std::string grant = "GRANT " + owner.name() + " TO " + login.name() + " WITH SET TRUE";
  fails_with(77, {"upgrade"}, "is not allowed to SET ROLE", grant);
  project.database().execute(grant);
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
}

// The way past a pooler may have a login of its own.
TEST_F(RoleOfTheRun, IsAskedForOnTheDirectConnectionToo) {
  const Role other{project.database()};
  project.database().execute("GRANT " + owner.name() + " TO " + login.name());
  project.set("DIRECT_URL", other.url());
  fails_with(77, {"upgrade"}, other.name() + " is not allowed to SET ROLE " + owner.name(), "GRANT");
}

// The right that is missing is another one.
TEST_F(RoleOfTheRun, ThatMayNotReadTheLedgerIsNotTakenForOne) {
  project.database().execute("GRANT " + owner.name() + " TO " + login.name());
  project.set("DATABASE_URL", project.database().url());
  project.set("SLIPWAY_ROLE", "");
  ASSERT_EQ(project.run({"upgrade"}).exit_code, 0);
  project.set("DATABASE_URL", login.url());
  project.set("SLIPWAY_ROLE", owner.name());
  const Finished refused = project.run({"upgrade"});
  EXPECT_EQ(refused.exit_code, 77);
  EXPECT_THAT(refused.err, HasSubstr("permission denied for table"));
  EXPECT_THAT(refused.err, HasSubstr("SELECT on both tables"));
}

}  // namespace
}  // namespace slipway::fixture
