#include <filesystem>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "integration/project.h"

// A password shows nowhere, in whatever way it was given and whatever goes wrong.

namespace slipway::fixture {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string secret{Postgres::password};

// Every command that meets the database, at the level that tells most.
void expect_silence(Project& project) {
  project.set("SLIPWAY_WAIT_TIMEOUT", "0");
  for (const std::string format : {"text", "json", "logfmt"}) {
    for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
             {"upgrade"}, {"current"}, {"wait"}, {"config"}, {"run", "--", "/bin/true"}}) {
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
  project.set("PGPASSWORD", "");
  project.write_file("passwords", "*:*:*:*:" + secret + "\n");
  std::filesystem::permissions(project.folder() / "passwords", std::filesystem::perms{0600});
  project.set("PGPASSFILE", (project.folder() / "passwords").string());
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
  expect_silence(project);
  project.set("PGPASSFILE", "");
  project.write_file("services", "[app]\nhost=127.0.0.1\nport=" + std::to_string(project.database().server().port()) +
                                     "\ndbname=" + project.database().name() + "\nuser=postgres\npassword=" + secret +
                                     "\n");
  project.set("PGSERVICEFILE", (project.folder() / "services").string());
  project.set("DATABASE_URL", "service=app");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
  expect_silence(project);
  for (const std::string& direct : {project.database().url(), "postgresql://x:" + secret + "@[::1/none"}) {
    project.set("DIRECT_URL", direct);
    expect_silence(project);
  }
}

// libpq would say so itself, at each attempt to connect, in the middle of the JSON lines.
TEST(Secrets, APasswordFileThatOthersMayReadIsNamedOnceInTheLogsOwnFormat) {
  Project project;
  project.write_file(".pgpass", "*:*:*:*:" + secret + "\n");
  const std::string file = (project.folder() / ".pgpass").string();
  std::filesystem::permissions(file, std::filesystem::perms{0644});
  const auto wait = [&](const std::string& parameters) {
    project.set("DATABASE_URL", "host=127.0.0.1 port=1 user=postgres " + parameters);
    return project.run({"wait", "--wait-timeout", "500ms", "--log-format", "json"});
  };
  const auto named = [&](const Finished& finished) {
    std::istringstream log{finished.err};
    int count = 0;
    for (std::string line; std::getline(log, line);) {
      const auto parsed = nlohmann::json::parse(line, nullptr, false);
      EXPECT_FALSE(parsed.is_discarded()) << line;
      count += parsed.is_object() && parsed.value("event", "") == "password_file.ignored" ? 1 : 0;
    }
    return count;
  };
  EXPECT_EQ(named(wait("passfile=" + file)), 1);
  EXPECT_EQ(named(wait("passfile=" + project.folder().string())), 1) << "a folder";
  EXPECT_EQ(named(wait("passfile=" + file + " password=x")), 0) << "nobody looks at it";
  project.set("PGPASSFILE", file);
  EXPECT_EQ(named(wait("")), 1);
  project.set("PGPASSFILE", "");
  project.set("HOME", project.folder().string());
  EXPECT_EQ(named(wait("")), 1);
  project.set("HOME", "");
  project.write_file("services", "[app]\npassfile=" + file + "\n");
  project.set("PGSERVICEFILE", (project.folder() / "services").string());
  EXPECT_EQ(named(wait("service=app")), 1);
  std::filesystem::permissions(file, std::filesystem::perms{0600});
  EXPECT_EQ(named(wait("service=app")), 0);
}

// A tool that fetches the secret writes it into a pipe once it has it.
TEST(Secrets, MayComeThroughAPipeWhoseWriterComesLater) {
  Project project;
  project.write_two_revisions();
  const auto pipe = project.folder() / "secret";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  project.set("DATABASE_URL", "");
  project.set("DATABASE_URL_FILE", pipe.string());
  const auto upgrade = project.start({"upgrade"});
  Program writer{"/bin/sh",
                 {"-c", "sleep 0.3; echo '" + project.database().url() + "' > secret"},
                 {.environment = {}, .folder = project.folder(), .blocked_signals = {}}};
  const Finished finished = upgrade->wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_THAT(project.heads(), testing::ElementsAre("002"));
}

// What is given on the command line shows in ps(1) for as long as slipway itself runs, and not a moment longer.
TEST(Secrets, StayOutOfTheArgumentsOfOtherPrograms) {
  Project project;
  project.write_two_revisions();
  const std::string url = project.database().url();
  const std::string shell = "tr '\\0' ' ' < /proc/$$/cmdline; tr '\\0' ' ' < /proc/$PPID/cmdline; env";
  project.set("DATABASE_URL", "");
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"run", "--database-url", url, "--", "/bin/sh", "-c", shell},
           {"run", "--database-url", url, "--exec", "--", "/bin/sh", "-c", "tr '\\0' ' ' < /proc/$$/cmdline; env"},
       }) {
    const Finished finished = project.run(arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    EXPECT_THAT(finished.out, HasSubstr("/bin/sh"));
    EXPECT_THAT(finished.out, Not(HasSubstr(secret)));
  }
  project.set("MIGRATION_DATABASE_URL", url);
  const Finished with = project.run({"run", "--migrate-with", "tr '\\0' ' ' < /proc/$$/cmdline", "--", "/bin/true"});
  EXPECT_EQ(with.exit_code, 0) << with.err;
  EXPECT_THAT(with.err, HasSubstr("/bin/sh -c"));
  EXPECT_THAT(with.err, Not(HasSubstr(secret)));
  const Finished variable =
      project.run({"run", "--migrate-with", "PGUSER=\"a b\" PGPASSWORD=" + secret + " /bin/true", "--", "/bin/true"});
  EXPECT_THAT(variable.err, HasSubstr("running the migrator /bin/true"));
  EXPECT_THAT(variable.err, Not(HasSubstr(secret)));
}

// The kernel gives the files in /proc of a program that may not leave a core file to root (proc(5)).
TEST(Secrets, LeaveNoCoreFileAndNoOpenDoorInProc) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can look from the outside";
  Project project;
  std::filesystem::permissions(project.folder(), std::filesystem::perms{0755});
  Program wait{"/usr/bin/setpriv",
               {"--reuid=65534", "--regid=65534", "--clear-groups", slipway().string(), "wait"},
               {.environment = {{"DATABASE_URL", "postgresql://nobody:" + secret + "@127.0.0.1:1/none"}},
                .folder = project.folder(),
                .blocked_signals = {}}};
  ASSERT_TRUE(wait.wait_for_err("waiting for PostgreSQL"));
  struct stat status {};
  ASSERT_EQ(::stat(("/proc/" + std::to_string(wait.pid()) + "/environ").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 0U);
}

// PR_GET_DUMPABLE is 3 (prctl(2)).
TEST(Secrets, TheApplicationMayLeaveACoreFileAgain) {
  Project project;
  project.write_two_revisions();
  const Finished run = project.run({"run", "--exec", "--", "/usr/bin/python3", "-c",
                                    "import ctypes; print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"});
  EXPECT_EQ(run.out, "1\n") << run.err;
}

TEST(Secrets, TheErrorOfAScriptHasNoRolesPassword) {
  Project project;
  project.write("001_role.sql", "CREATE ROLE somebody LOGIN PASSWORD 'hunter2' NOSUCHOPTION;");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 73);
  EXPECT_THAT(upgrade.err, HasSubstr("CREATE ROLE somebody LOGIN PASSWORD '***'"));
  EXPECT_THAT(upgrade.err, Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace slipway::fixture
