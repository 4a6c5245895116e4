#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fixture/proxy.h"
#include "integration/project.h"
#include "integration/silent_servers.h"

// The wait for PostgreSQL: what is worth waiting for, what only for a moment, and what not at all.

namespace slipway::fixture {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::size_t count(const std::string& text, std::string_view word) {
  std::size_t found = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
    ++found;
  return found;
}

TEST(Waiting, AServerThatStartsLateIsWaitedFor) {
  Postgres server;
  Project project{server};
  project.write_two_revisions();
  server.stop();
  const auto run = project.start({"run", "--", "/bin/echo", "started"});
  ASSERT_TRUE(run->wait_for_err("waiting for PostgreSQL at 127.0.0.1"));
  EXPECT_TRUE(run->wait_for_err("Connection refused"));
  server.start();
  const Finished finished = run->wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_EQ(finished.out, "started\n");
  EXPECT_EQ(count(finished.err, "Connection refused"), 1U);
  EXPECT_THAT(finished.err, HasSubstr("is ready after"));
}

// A one-shot service, a pipeline's step or a Job that starts together with its server.
TEST(Waiting, WithoutATerminalEveryCommandThatNeedsTheServerWaitsForIt) {
  Postgres server;
  Project project{server};
  project.write_two_revisions();
  ASSERT_EQ(project.run({"upgrade"}).exit_code, 0);
  server.stop();
  std::vector<std::unique_ptr<Program>> commands;
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{{"upgrade"},
                                                                                       {"upgrade", "--dry-run"},
                                                                                       {"downgrade", "+0"},
                                                                                       {"stamp", "head"},
                                                                                       {"check"},
                                                                                       {"current"},
                                                                                       {"history", "-i"},
                                                                                       {"show", "current"},
                                                                                       {"ensure-version"},
                                                                                       {"accept", "001"}})
    commands.push_back(project.start(command));
  for (const auto& command : commands)
    EXPECT_TRUE(command->wait_for_err("waiting for PostgreSQL")) << command->err();
  server.start();
  for (const auto& command : commands)
    EXPECT_THAT(command->wait().err, Not(HasSubstr("can't connect"))) << command->err();
}

TEST(Waiting, GivesUpWith69AndTheLastReason) {
  Project project;
  project.write_two_revisions();
  project.set("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none");
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"wait", "--wait-timeout", "300ms"},
                                             {"run", "--wait-timeout", "300ms", "--", "/bin/true"},
                                             {"upgrade", "--wait-timeout", "0"},
                                             {"current", "--wait-timeout", "0"}}) {
    const Finished finished = project.run(command);
    EXPECT_EQ(finished.exit_code, 69) << finished.err;
    EXPECT_THAT(finished.err, HasSubstr("Connection refused"));
  }
}

TEST(Waiting, AWrongPasswordIsFinalAfterTheGrace) {
  Project project;
  project.write_two_revisions();
  project.set("DATABASE_URL", project.database().server().url("postgres", "postgres", "wrong"));
  const Finished finished = project.run({"wait", "--wait-grace", "300ms"});
  EXPECT_EQ(finished.exit_code, 77) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("password authentication failed"));
  EXPECT_THAT(finished.err, HasSubstr("check the user and the password"));
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 77);
}

TEST(Waiting, APasswordThatBecomesRightWithinTheGraceIsTaken) {
  Project project;
  project.database().execute("CREATE ROLE late_role LOGIN PASSWORD 'not yet'");
  project.set("DATABASE_URL", project.database().server().url(project.database().name(), "late_role", "now"));
  const auto wait = project.start({"wait", "--wait-grace", "60s"});
  ASSERT_TRUE(wait->wait_for_err("password authentication failed"));
  project.database().execute("ALTER ROLE late_role PASSWORD 'now'");
  EXPECT_EQ(wait->wait().exit_code, 0);
  project.database().execute("DROP ROLE late_role");
}

TEST(Waiting, AMissingDatabaseIsWaitedForDuringTheGraceOnly) {
  Project project;
  project.set("DATABASE_URL", project.database().server().url("made_later"));
  EXPECT_EQ(project.run({"wait", "--wait-grace", "200ms"}).exit_code, 69);
  const auto wait = project.start({"wait", "--wait-grace", "60s"});
  ASSERT_TRUE(wait->wait_for_err("\"made_later\" does not exist"));
  project.database().execute("CREATE DATABASE made_later");
  EXPECT_EQ(wait->wait().exit_code, 0);
  project.database().execute("DROP DATABASE made_later WITH (FORCE)");
}

TEST(Waiting, AServerThatIsFullIsWaitedFor) {
  Postgres server{{.settings = {"max_connections=4", "superuser_reserved_connections=0", "max_wal_senders=0"}}};
  Project project{server};
  std::vector<std::unique_ptr<pqxx::connection>> others;
  others.reserve(4);
  for (int i = 0; i < 4; ++i)
    others.push_back(project.database().connect());
  const auto wait = project.start({"wait"});
  ASSERT_TRUE(wait->wait_for_err("too many clients"));
  others.clear();
  EXPECT_EQ(wait->wait().exit_code, 0);
}

TEST(Waiting, AStandbyIsNotReadyUntilItIsPromoted) {
  Postgres primary{{.settings = {"wal_keep_size=64MB"}}};
  Project project{primary};
  Postgres standby{{.settings = {}, .standby_of = &primary}};
  project.write_two_revisions();
  project.set("DATABASE_URL", standby.url(project.database().name()));
  const auto replica = project.start({"run", "--", "/bin/echo", "started"});
  ASSERT_TRUE(replica->wait_for_err("is a standby in recovery")) << replica->err();
  EXPECT_EQ(project.run({"current"}).exit_code, 0);
  pqxx::connection own{standby.own_url("postgres")};
  pqxx::nontransaction{own}.exec("SELECT pg_promote()");
  EXPECT_EQ(replica->wait().out, "started\n");
}

TEST(Waiting, AConnectionThatIsEndedInTheMiddleIsMadeAgain) {
  Project project;
  project.write_two_revisions();
  project.write("003_slow.sql", "INSERT INTO audit VALUES ('003');\nSELECT pg_sleep(1);");
  const auto upgrade = project.start({"upgrade"});
  ASSERT_TRUE(upgrade->wait_for_err("applied 002"));
  while (project.database().value("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == "0") {
  }
  project.database().execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
  const Finished finished = upgrade->wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("the connection was lost"));
  EXPECT_THAT(project.database().rows("SELECT revision FROM audit ORDER BY 1"), ElementsAre("001", "002", "003"));
}

TEST(Waiting, AServerThatCrashesInTheMiddleIsWaitedForAndTheRunGoesOn) {
  Postgres server;
  Project project{server};
  project.write_two_revisions();
  project.write("003_slow.sql", "INSERT INTO audit VALUES ('003');\nSELECT pg_sleep(1);");
  const auto upgrade = project.start({"upgrade"});
  ASSERT_TRUE(upgrade->wait_for_err("applied 002"));
  server.stop();
  server.start();
  const Finished finished = upgrade->wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_THAT(project.database().rows("SELECT revision FROM audit ORDER BY 1"), ElementsAre("001", "002", "003"));
}

// With hot standby off a standby says 57P03 for as long as it is one, as any server does while it starts.
TEST(Waiting, AServerThatIsStartingUpIsWaitedFor) {
  Postgres server{{.settings = {"hot_standby=off"}}};
  Project project{server};
  server.stop();
  ASSERT_EQ(run("/bin/sh", {"-c", "cd '" + server.data().string() +
                                      "' && touch standby.signal && chown --reference=base standby.signal"})
                .exit_code,
            0);
  server.start(Postgres::Until::it_answers);
  const auto wait = project.start({"wait"});
  ASSERT_TRUE(wait->wait_for_err("the database system is")) << wait->err();
  server.stop();
  std::filesystem::remove(server.data() / "standby.signal");
  server.start();
  EXPECT_EQ(wait->wait().exit_code, 0);
}

// Somebody accepts the connection and says nothing, as a proxy without a server behind it does.
TEST(Waiting, AServerThatNeverAnswersIsGivenUpAfterTheConnectTimeout) {
  Project project;
  const SilentListener listener{SOCK_STREAM};
  project.set("DATABASE_URL", "postgresql://nobody@127.0.0.1:" + std::to_string(listener.port()) + "/none");
  const Finished finished = project.run({"wait", "--connect-timeout", "100ms", "--wait-timeout", "300ms"});
  EXPECT_EQ(finished.exit_code, 69) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("no answer within the connect timeout of 100 ms"));
}

TEST(Waiting, ASignalEndsTheWaitForAServerThatNeverAnswers) {
  Project project;
  const SilentListener listener{SOCK_STREAM};
  project.set("DATABASE_URL", "postgresql://nobody@127.0.0.1:" + std::to_string(listener.port()) + "/none");
  const auto wait = project.start({"wait", "--connect-timeout", "50s"});
  listener.wait_for_peer();
  wait->signal(SIGTERM);
  EXPECT_EQ(wait->wait(std::chrono::seconds{10}).exit_code, 128 + SIGTERM);
}

// Servers before 14 have to be asked whether they are a standby.
TEST(Waiting, AQuestionThatIsNeverAnsweredHoldsUpNeitherTimeoutNorSignal) {
  Project project;
  const MuteServer server;
  project.set("DATABASE_URL", server.url());
  const Finished finished = project.run({"wait", "--connect-timeout", "100ms", "--wait-timeout", "300ms"});
  EXPECT_EQ(finished.exit_code, 69) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("no answer within the connect timeout of 100 ms"));
  const auto wait = project.start({"wait", "--connect-timeout", "50s"});
  server.wait_for_question();
  wait->signal(SIGTERM);
  EXPECT_EQ(wait->wait(std::chrono::seconds{20}).exit_code, 128 + SIGTERM);
}

// As a pooler may that does not pass client_encoding on: the text of migrations would be misread without a word.
TEST(Waiting, AServerThatReadsAnotherEncodingIsRefusedAtOnce) {
  Project project;
  const MuteServer server{"LATIN1"};
  project.set("DATABASE_URL", server.url());
  const Finished finished = project.run({"wait"});
  EXPECT_EQ(finished.exit_code, 78) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("reads what slipway sends as LATIN1, not as UTF-8"));
}

// The connection that looks what goes on is the first to see the signal, and the statement is the other's.
TEST(Waiting, ASignalWhileASecondConnectionIsMadeCancelsTheStatementToo) {
  const SilentListener listener{SOCK_STREAM};
  Project project;
  project.write("001_slow.sql", "SELECT pg_sleep(60);");
  project.set("DIRECT_URL", "postgresql://postgres@127.0.0.1:" + std::to_string(listener.port()) + "/none");
  const auto upgrade = project.start({"upgrade"});
  listener.wait_for_peer();
  upgrade->signal(SIGTERM);
  EXPECT_EQ(upgrade->wait(20s).exit_code, 143);
  EXPECT_EQ(project.database().value("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"), "0");
}

TEST(Waiting, AHostNameThatIsNotKnownYetIsWaitedFor) {
  Project project;
  project.set("DATABASE_URL", "postgresql://nobody@db.invalid/none");
  const Finished finished = project.run({"wait", "--wait-timeout", "300ms"});
  EXPECT_EQ(finished.exit_code, 69) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("db.invalid"));
}

// In a mount namespace with a resolv.conf of its own.
TEST(Waiting, ANameServerThatIsAwayHoldsUpNeitherTimeoutNorSignal) {
  if (::geteuid() != 0 || run("/usr/bin/unshare", {"--mount", "true"}).exit_code != 0)
    GTEST_SKIP() << "can't have a mount namespace here";
  Project project;
  const SilentListener name_server{SOCK_DGRAM, "127.53.53.53", 53};
  project.write_file("resolv.conf", "nameserver 127.53.53.53\noptions timeout:30\n");
  project.set("DATABASE_URL", "postgresql://nobody@db.example/none");
  const auto in_namespace = [&](const std::string& arguments) {
    return std::make_unique<Program>(
        "/usr/bin/unshare",
        std::vector<std::string>{"--mount", "/bin/sh", "-c",
                                 "mount --bind resolv.conf /etc/resolv.conf && exec " + slipway().string() + arguments},
        ProgramOptions{.environment = {{"DATABASE_URL", "postgresql://nobody@db.example/none"}},
                       .folder = project.folder(),
                       .blocked_signals = {}});
  };
  const Finished finished = in_namespace(" wait --connect-timeout 100ms --wait-timeout 300ms")->wait();
  EXPECT_EQ(finished.exit_code, 69) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("no name server answered for the host name db.example"));
  const auto wait = in_namespace(" wait --connect-timeout 50s");
  name_server.wait_for_peer();
  wait->signal(SIGTERM);
  EXPECT_EQ(wait->wait(std::chrono::seconds{10}).exit_code, 128 + SIGTERM);
}

TEST(Waiting, SeveralHostsAreTriedInTurn) {
  Project project;
  const int port = project.database().server().port();
  project.set("DATABASE_URL", "postgresql://postgres:" + std::string{Postgres::password} +
                                  "@127.0.0.1:1,127.0.0.1:" + std::to_string(port) + "/" + project.database().name());
  EXPECT_EQ(project.run({"wait", "--wait-timeout", "0"}).exit_code, 0);
}

TEST(Waiting, SettingsThatCannotWorkAreFinalAtOnce) {
  Project project;
  const auto fails_with = [&](const std::string& query, const std::string& words) {
    project.set("DATABASE_URL", project.database().url() + query);
    const Finished finished = project.run({"wait"});
    EXPECT_EQ(finished.exit_code, 78) << query << finished.err;
    EXPECT_THAT(finished.err, HasSubstr(words));
    EXPECT_THAT(finished.err, Not(HasSubstr("waiting for")));
    EXPECT_THAT(finished.err, Not(HasSubstr(std::string{Postgres::password})));
  };
  fails_with("?sslmode=require", "server does not support SSL");
  fails_with("?sslmode=requir", "sslmode");
  fails_with("?hots=a", "host");
}

// As OpenShift does, which gives a container a user id of its own.
TEST(Waiting, AUserIdWithoutANameIsFinalAtOnceIfNobodyIsNamed) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can be somebody else";
  Project project;
  const auto wait_as_nobody = [&](const std::string& user) {
    const std::string url = "postgresql://" + user + "127.0.0.1:1/none";
    return run(
        "/usr/bin/setpriv",
        {"--reuid", "1000660000", "--regid", "0", "--clear-groups", slipway().string(), "wait", "--wait-timeout", "1s"},
        {.environment = {{"DATABASE_URL", url}}, .folder = "/", .blocked_signals = {}});
  };
  const Finished unnamed = wait_as_nobody("");
  EXPECT_EQ(unnamed.exit_code, 78) << unnamed.err;
  EXPECT_THAT(unnamed.err, HasSubstr("name the user in the database URL, or in PGUSER"));
  EXPECT_THAT(unnamed.err, Not(HasSubstr("waiting for")));
  EXPECT_EQ(wait_as_nobody("somebody@").exit_code, 69);
}

// libpq finds these before it connects to anything.
TEST(Waiting, AServiceThatIsNotThereIsFinalAtOnce) {
  Project project;
  project.write_file("services", "[app]\nhost=127.0.0.1\n");
  project.set("DATABASE_URL", "service=another");
  for (const std::string& file : {(project.folder() / "services").string(), std::string{"/none"}}) {
    project.set("PGSERVICEFILE", file);
    const Finished wait = project.run({"wait"});
    EXPECT_EQ(wait.exit_code, 78) << wait.err;
    EXPECT_THAT(wait.err, Not(HasSubstr("waiting for")));
  }
}

TEST(Waiting, ASignalEndsItWith128AndItsNumber) {
  Project project;
  project.set("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none");
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGPWR, SIGRTMIN + 3}) {
    const auto wait = project.start({"wait"});
    ASSERT_TRUE(wait->wait_for_err("waiting for PostgreSQL"));
    wait->signal(number);
    EXPECT_EQ(wait->wait().exit_code, 128 + number);
  }
}

TEST(CutConnection, InTheMiddleOfACopyToNobodyIsALoss) {
  Project project;
  project.write("001_copy.sql", "COPY (SELECT generate_series(1, 100000)) TO STDOUT;\nCREATE TABLE one ();");
  const Proxy proxy{project.database().server().port(),
                    Proxy::Plan{.direction = Proxy::Direction::to_client, .cut = Proxy::Cut::reset, .after = 5000}};
  project.set("DATABASE_URL", "postgresql://postgres:" + std::string{Postgres::password} + "@127.0.0.1:" +
                                  std::to_string(proxy.port()) + "/" + project.database().name() + "?sslmode=disable");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_TRUE(proxy.has_cut());
  EXPECT_THAT(upgrade.err, HasSubstr("the connection was lost"));
}

}  // namespace
}  // namespace slipway::fixture
