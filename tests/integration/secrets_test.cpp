#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/project.h"

// A password shows nowhere, in whatever way it was given and whatever goes wrong.

namespace slipway::fixture {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string secret{Postgres::password};

// Every command that meets the database, at the level that tells most.
void expect_silence(Project& project) {
  for (const std::string format : {"text", "json"}) {
    for (const std::vector<std::string>& command :
         std::vector<std::vector<std::string>>{{"upgrade"},
                                               {"current"},
                                               {"wait", "--wait-timeout", "0"},
                                               {"config"},
                                               {"run", "--wait-timeout", "0", "--", "/bin/true"}}) {
      std::vector<std::string> arguments{command.front(), "--log-level", "trace", "--log-format", format};
      arguments.insert(arguments.end(), command.begin() + 1, command.end());
      const Finished finished = project.run(arguments);
      EXPECT_THAT(finished.out, Not(HasSubstr(secret))) << command.front();
      EXPECT_THAT(finished.err, Not(HasSubstr(secret))) << command.front();
    }
  }
}

TEST(Secrets, StayInTheUrl) {
  Project project;
  project.write_two_revisions();
  expect_silence(project);
  EXPECT_EQ(project.database().value("SELECT count(*) FROM slipway_journal j WHERE j::text LIKE '%" + secret + "%'"),
            "0");
}

TEST(Secrets, StayInAUrlThatIsWrong) {
  Project project;
  project.write_two_revisions();
  for (const std::string& url : std::vector<std::string>{
           "postgresql://postgres:" + secret + "@127.0.0.1:1/none",
           "postgresql://nobody:" + secret + "@127.0.0.1:" + std::to_string(project.database().server().port()) +
               "/none",
           "postgresql://postgres:" + secret + "@127.0.0.1:port/none", "postgresql://postgres:" + secret + "@[::1/none",
           "postgresql://postgres:" + secret + "@127.0.0.1/none?hots=1",
           "host=127.0.0.1 password=" + secret + " prot=1",
           "postgresql://127.0.0.1:1/none?user=postgres&password=" + secret, "mysql://root:" + secret + "@db/x"}) {
    project.set("DATABASE_URL", url);
    expect_silence(project);
  }
}

TEST(Secrets, StayInFilesAndOtherVariables) {
  Project project;
  project.write_two_revisions();
  project.write_file("secret", project.database().url() + "\n");
  project.set("DATABASE_URL", "");
  project.set("DATABASE_URL_FILE", (project.folder() / "secret").string());
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
  expect_silence(project);
  project.set("DATABASE_URL_FILE", "");
  project.write_file("slipway.toml", "database-url = \"" + project.database().url() + "\"\n");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
  expect_silence(project);
  project.remove("slipway.toml");
  project.set("DATABASE_URL", "postgresql://postgres@127.0.0.1:" + std::to_string(project.database().server().port()) +
                                  "/" + project.database().name());
  project.set("PGPASSWORD", secret);
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
  expect_silence(project);
}

// PR_GET_DUMPABLE is 3 (prctl(2)).
TEST(Secrets, TheApplicationMayLeaveACoreFileAgain) {
  Project project;
  project.write_two_revisions();
  const Finished run = project.run({"run", "--exec", "--", "/usr/bin/python3", "-c",
                                    "import ctypes; print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"});
  EXPECT_EQ(run.out, "1\n") << run.err;
}

}  // namespace
}  // namespace slipway::fixture
