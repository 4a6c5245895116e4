// The example backend as a user of docker compose has it.

#include "container/compose.h"

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace slipway {
namespace {

namespace fs = std::filesystem;
using fixture::Compose;
using fixture::docker;
using fixture::Finished;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr const char* is_up = "Application startup complete";

class InCompose : public testing::Test {
 protected:
  void SetUp() override {
    if (!fixture::has_engine()) GTEST_SKIP() << "no container engine answers";
  }

  static std::size_t count(const std::string& text, const std::string& words) {
    std::size_t found = 0;
    for (std::size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1))
      ++found;
    return found;
  }

  static int exit_code(const std::string& container) { return std::stoi(docker({"wait", container}).out); }
};

// The lines of docs/in-an-image.md that a user is to type, in its order.
std::vector<std::string> lines_of_the_page() {
  std::istringstream page{fixture::read_file(fs::path{SLIPWAY_SOURCE} / "docs/in-an-image.md")};
  std::vector<std::string> lines;
  for (std::string line; std::getline(page, line);)
    if (line.starts_with("    docker compose ")) lines.push_back(line.substr(4));
  return lines;
}

const std::string one_shot = "docker compose --profile migrations run --rm migrations ";

TEST_F(InCompose, every_line_of_the_page_works_in_its_order) {
  const std::string in_backend = "docker compose exec backend slipway ";
  std::map<std::string, testing::Matcher<std::string>> expected{
      {"docker compose up", testing::_},
      {in_backend + "current", HasSubstr("002 (head)")},
      {in_backend + "upgrade", testing::_},
      {in_backend + "history", HasSubstr("001 -> 002 (head)")},
      {in_backend + "downgrade", testing::_},
      {in_backend + "create \"description of changes\"", HasSubstr("migrations/003_description_of_changes.sql")},
      {one_shot + "upgrade", testing::_},
      {one_shot + "current", HasSubstr("003 (head)")},
  };
  const Compose compose;
  ASSERT_EQ(::chown((compose.folder() / "migrations").c_str(), 4711, 4712), 0);
  for (const std::string& line : lines_of_the_page()) {
    const auto result = expected.find(line);
    ASSERT_NE(result, expected.end()) << "no result is expected of: " << line;
    const bool stays = line == "docker compose up";
    const Finished finished = compose.run(stays ? line + " --detach" : line);
    EXPECT_EQ(finished.exit_code, 0) << line << "\n" << finished.err;
    EXPECT_THAT(finished.out, result->second) << line << "\n" << finished.err;
    if (stays) {
      ASSERT_TRUE(compose.wait_for_log("backend", is_up)) << compose.log("backend");
    }
    if (line.ends_with("downgrade")) {
      EXPECT_EQ(compose.query("SELECT version_num FROM alembic_version"), "001\n");
    }
    expected.erase(result);
  }
  EXPECT_THAT(expected, testing::IsEmpty()) << "lines that the page does not have";

  struct stat created {};
  ASSERT_EQ(::stat((compose.folder() / "migrations/003_description_of_changes.sql").c_str(), &created), 0);
  EXPECT_EQ(created.st_uid, 4711U);
  EXPECT_EQ(created.st_gid, 4712U);
}

// `run` starts the database, which takes seconds to make its cluster.
TEST_F(InCompose, a_one_shot_line_of_the_page_waits_for_the_database_that_it_starts) {
  for (const std::string& line : lines_of_the_page()) {
    if (!line.starts_with(one_shot)) continue;
    const Compose compose;
    const Finished finished = compose.run(line);
    EXPECT_EQ(finished.exit_code, 0) << line << "\n" << finished.err;
    const bool migrates = line.ends_with("upgrade");
    EXPECT_EQ(compose.query("SELECT count(*) FROM pg_tables WHERE tablename = 'alembic_version'"),
              migrates ? "1\n" : "0\n");
  }
}

// As a person types it: `docker compose run` gives the container a terminal.
TEST_F(InCompose, a_one_shot_line_waits_on_a_terminal_too) {
  const Compose compose;
  const Finished finished = compose.run_on_a_terminal(one_shot + "upgrade");
  EXPECT_EQ(finished.exit_code, 0) << finished.out;
  EXPECT_EQ(compose.query("SELECT version_num FROM alembic_version"), "002\n") << finished.out;
}

TEST_F(InCompose, a_database_that_starts_late_is_waited_for) {
  const Compose compose;
  ASSERT_EQ(compose({"up", "--detach", "--no-deps", "backend"}).exit_code, 0);
  ASSERT_TRUE(compose.wait_for_log("backend", "waiting for PostgreSQL at db"));
  ::sleep(10);
  ASSERT_EQ(compose({"up", "--detach", "db"}).exit_code, 0);
  EXPECT_TRUE(compose.wait_for_log("backend", is_up)) << compose.log("backend");
  EXPECT_EQ(compose.query("SELECT version_num FROM alembic_version"), "002\n");
}

TEST_F(InCompose, three_replicas_migrate_an_empty_database_once) {
  const Compose compose;
  const Finished up = compose({"up", "--detach", "--scale", "backend=3"});
  ASSERT_EQ(up.exit_code, 0) << up.err;
  EXPECT_THAT(compose.containers("backend"), SizeIs(3));
  EXPECT_TRUE(fixture::wait_long_until([&] { return count(compose.log("backend"), is_up) == 3; }));
  const std::string log = compose.log("backend");
  EXPECT_EQ(count(log, "applied 001"), 1U) << log;
  EXPECT_EQ(count(log, "applied 002"), 1U) << log;
  EXPECT_EQ(compose.query("SELECT count(*) FROM slipway_journal"), "2\n");
}

TEST_F(InCompose, it_turns_healthy_and_stops_gracefully) {
  const Compose compose;
  ASSERT_EQ(compose({"up", "--detach"}).exit_code, 0);
  ASSERT_TRUE(compose.wait_for_log("backend", is_up)) << compose.log("backend");
  const std::string container = compose.containers("backend").front();
  EXPECT_TRUE(fixture::wait_long_until([&] {
    return docker({"inspect", "--format={{.State.Health.Status}}", container}).out == "healthy\n";
  })) << docker({"inspect", "--format={{json .State.Health}}", container}).out;
  // The application is not root, though the container is.
  EXPECT_THAT(docker({"top", container, "-o", "pid,uid,args"}).out, ContainsRegex(" 10001 +python3 -m uvicorn"));
  ASSERT_EQ(compose({"stop", "--timeout", "60", "backend"}).exit_code, 0);
  EXPECT_EQ(exit_code(container), 0);
  EXPECT_THAT(compose.log("backend"), HasSubstr("shut down gracefully"));
}

TEST_F(InCompose, a_failing_migration_ends_it_with_73_and_its_reason) {
  const Compose compose;
  compose.write_migration("003_broken.sql", "CREATE TABLE half (id int);\nINSERT INTO nowhere VALUES (1);");
  ASSERT_EQ(compose({"up", "--detach"}).exit_code, 0);
  EXPECT_EQ(exit_code(compose.containers("backend").front()), 73);
  const std::string log = compose.log("backend");
  EXPECT_THAT(log, Not(HasSubstr("uvicorn")));
  const std::string end = log.substr(std::min(log.rfind("applied 002"), log.size()));
  EXPECT_THAT(end, HasSubstr("003_broken.sql:4"));
  EXPECT_THAT(end, HasSubstr("relation \"nowhere\" does not exist"));
  EXPECT_EQ(compose.query("SELECT version_num, to_regclass('half') FROM alembic_version"), "002|\n");
}

TEST_F(InCompose, a_wrong_password_ends_it_with_77) {
  const Compose compose;
  ASSERT_EQ(compose({"up", "--detach", "db"}).exit_code, 0);
  const Finished finished =
      compose({"run", "--rm", "-T", "-e", "DATABASE_URL=postgresql://app:wrong@db:5432/app", "backend"});
  EXPECT_EQ(finished.exit_code, 77) << finished.err;
  EXPECT_THAT(finished.out + finished.err, HasSubstr("password authentication failed"));
}

TEST_F(InCompose, down_while_migrations_run_leaves_nothing_half_done) {
  const Compose compose;
  compose.write_migration("003_slow.sql", "CREATE TABLE half (id int);\nSELECT pg_sleep(600);");
  ASSERT_EQ(compose({"up", "--detach"}).exit_code, 0);
  ASSERT_TRUE(compose.wait_for_log("backend", "applied 002")) << compose.log("backend");
  ASSERT_TRUE(fixture::wait_long_until(
      [&] { return compose.query("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == "1\n"; }));
  ASSERT_EQ(compose({"down"}).exit_code, 0);
  ASSERT_EQ(compose({"up", "--detach", "db"}).exit_code, 0);
  std::string answer;
  EXPECT_TRUE(fixture::wait_long_until([&] {
    answer = compose.query("SELECT version_num, to_regclass('half') FROM alembic_version");
    return !answer.empty();
  }));
  EXPECT_EQ(answer, "002|\n");
}

// As an orchestrator that is strict would run it: nobody's root, nothing writable, no capability, the URL in a file.
TEST_F(InCompose, a_strict_container_with_its_url_as_a_secret_works) {
  const Compose compose;
  ASSERT_EQ(compose({"up", "--detach", "db"}).exit_code, 0);
  const fixture::TempFolder secrets;
  const fs::path secret = secrets.write("database_url", "postgresql+asyncpg://app:development@db:5432/app\n");
  fs::permissions(secret, fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read);
  const fixture::ContainerName name;
  const Finished started = docker({"run", "--detach", "--name", name.text(), "--network", compose.name() + "_default",
                                   "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--mount",
                                   "type=bind,readonly,src=" + secret.string() + ",dst=/run/secrets/database_url",
                                   "--env", "DATABASE_URL_FILE=/run/secrets/database_url", fixture::image("backend")});
  ASSERT_EQ(started.exit_code, 0) << started.err;
  const auto log = [&] { return docker({"logs", name.text()}).err; };
  ASSERT_TRUE(fixture::wait_long_until([&] { return log().find(is_up) != std::string::npos; })) << log();
  EXPECT_EQ(docker({"exec", name.text(), "id", "--user"}).out, "10001\n");
  const std::string ask =
      "import urllib.request; print(urllib.request.urlopen('http://127.0.0.1:8000/healthz').read().decode())";
  const Finished answer = docker({"exec", name.text(), "python3", "-c", ask});
  EXPECT_THAT(answer.out, HasSubstr("\"revision\":[\"002\"]")) << answer.err;
  EXPECT_EQ(docker({"exec", name.text(), "slipway", "health"}).exit_code, 0);
}

// The same address answers all the while: slipway first, and then the application.
TEST_F(InCompose, probes_are_answered_before_and_after_the_launch) {
  const Compose compose;
  compose.write_migration("003_long.sql",
                          "DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM pg_tables WHERE tablename = 'go') LOOP PERFORM "
                          "pg_sleep(0.1); END LOOP; END $$;");
  ASSERT_EQ(compose({"up", "--detach", "db"}).exit_code, 0);
  const fixture::ContainerName name;
  const Finished started = docker(
      {"run", "--detach", "--name", name.text(), "--network", compose.name() + "_default", "--read-only", "--mount",
       "type=bind,readonly,src=" + (compose.folder() / "migrations").string() + ",dst=/app/migrations", "--env",
       "DATABASE_URL=postgresql://app:development@db:5432/app", "--env", "SLIPWAY_PREPARE_LISTEN=:8000",
       fixture::image("backend")});
  ASSERT_EQ(started.exit_code, 0) << started.err;
  const auto ask = [&](const std::string& path) {
    return docker({"exec", name.text(), "python3", "-c",
                   "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000); c.request('GET', '" + path +
                       "'); a = c.getresponse(); print(a.status, a.read().decode())"})
        .out;
  };
  ASSERT_TRUE(
      fixture::wait_long_until([&] { return ask("/readyz").find("\"revision\":\"003\"") != std::string::npos; }));
  EXPECT_THAT(ask("/readyz"), testing::StartsWith("503 {\"phase\":\"migrating\""));
  EXPECT_THAT(ask("/livez"), testing::StartsWith("200 {\"phase\":\"migrating\""));
  compose.query("CREATE TABLE go ()");
  ASSERT_TRUE(fixture::wait_long_until([&] { return ask("/readyz").find("200 ") == 0; })) << ask("/readyz");
  EXPECT_THAT(ask("/readyz"), HasSubstr("\"revision\":[\"003\"]"));
  EXPECT_THAT(ask("/livez"), testing::StartsWith("200 {\"status\":\"ok\"}"));
}

}  // namespace
}  // namespace slipway
