#include <filesystem>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <signal.h>

#include "fixture/tcp.h"
#include "integration/project.h"

// --prepare-listen: what an orchestrator's probes are answered while `slipway run` prepares, and that the application
// finds its port as if nobody had ever had it.

namespace slipway::fixture {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* is_live = "HTTP/1.1 200 OK\r\n";
constexpr const char* is_not_ready = "HTTP/1.1 503 Service Unavailable\r\n";

json body_of(const std::string& answer) {
  return json::parse(answer.substr(answer.find("\r\n\r\n")));
}

// Binds the port without SO_REUSEADDR, as the least careful of applications would, and tells how many sockets it got.
constexpr const char* application = R"(
import os, socket, sys
server = socket.socket()
server.bind(("", int(sys.argv[1])))
server.close()
open_files = [os.path.realpath(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")]
print("bound,", sum("socket" in name or "anon_inode" in name for name in open_files), "inherited")
)";

class Probes : public testing::Test {
 protected:
  static constexpr int lock = 4711;

  Probes() {
    project.write_two_revisions();
    project.write("003_slow.sql", "SELECT pg_advisory_xact_lock(" + std::to_string(lock) + ");");
    holder->exec("SELECT pg_advisory_lock(" + std::to_string(lock) + ")");
  }

  std::unique_ptr<Program> start(std::vector<std::string> options = {}) {
    std::vector<std::string> arguments{"run", "--lock-timeout", "0", "--prepare-listen", ":" + std::to_string(port)};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.insert(arguments.end(), {"--", "/usr/bin/python3", "-c", application, std::to_string(port)});
    return project.start(arguments);
  }
  void release() { holder->exec("SELECT pg_advisory_unlock(" + std::to_string(lock) + ")"); }

  json readiness() const { return body_of(http_get(port, "/readyz")); }
  void wait_until(std::string_view phase, std::string_view revision) const {
    for (int tries = 0; tries < 400; ++tries) {
      const json now = readiness();
      if (now.at("phase") == phase && now.value("revision", "") == revision) return;
      std::this_thread::sleep_for(50ms);
    }
    ADD_FAILURE() << "it is never " << phase << " " << revision << " but " << readiness();
  }

  static void expect_launched(const Finished& run) {
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.out, "bound, 0 inherited\n");
  }

  Project project;
  int port = free_port();

 private:
  std::unique_ptr<pqxx::connection> connection_ = project.database().connect();

 protected:
  std::unique_ptr<pqxx::nontransaction> holder = std::make_unique<pqxx::nontransaction>(*connection_);
};

TEST_F(Probes, AreToldWhatIsMigratedAndSinceWhen) {
  const auto run = start();
  wait_until("migrating", "003");
  const std::string live = http_get(port, "/livez");
  EXPECT_THAT(live, StartsWith(is_live));
  EXPECT_EQ(body_of(live).at("phase"), "migrating");
  const std::string ready = http_get(port, "/readyz");
  EXPECT_THAT(ready, StartsWith(is_not_ready));
  EXPECT_THAT(ready, HasSubstr("\r\nRetry-After: 1\r\n"));
  const json body = body_of(ready);
  EXPECT_EQ(body.at("revision"), "003");
  EXPECT_THAT(body.at("since").get<std::string>(), EndsWith("Z"));
  release();
  expect_launched(run->wait());
}

TEST_F(Probes, OfAnyOtherPathAreToldThatTheApplicationIsNotThereYet) {
  const auto run = start();
  for (const char* path : {"/", "/healthz", "/livezz", "/readyz?verbose"})
    EXPECT_THAT(http_get(port, path), StartsWith(is_not_ready)) << path;
  EXPECT_THAT(http_get(port, "/livez?verbose"), StartsWith(is_live));
  release();
  expect_launched(run->wait());
}

TEST_F(Probes, ByHeadGetTheHeadersAlone) {
  const auto run = start();
  const TcpClient client{port};
  client.send("HEAD /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  client.end();
  EXPECT_THAT(client.rest(), AllOf(StartsWith(is_live), EndsWith("\r\n\r\n")));
  release();
  expect_launched(run->wait());
}

TEST_F(Probes, AreAnsweredByIpv6Too) {
  if (!std::filesystem::exists("/proc/net/if_inet6") || read_file("/proc/net/if_inet6").empty())
    GTEST_SKIP() << "this machine has no IPv6";
  const auto run = start();
  EXPECT_THAT(http_get(port, "/livez", "::1"), StartsWith(is_live));
  EXPECT_THAT(http_get(port, "/livez"), StartsWith(is_live));
  release();
  expect_launched(run->wait());
}

TEST_F(Probes, AreToldThatAnotherSessionMigrates) {
  Project& same = project;
  const auto first = same.start({"upgrade", "--lock-timeout", "0"});
  ASSERT_TRUE(first->wait_for_err("applied 002"));
  while (project.database().value("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory'") == "0")
    std::this_thread::sleep_for(10ms);
  const auto run = start();
  wait_until("waiting-for-turn", "");
  release();
  expect_launched(run->wait());
  EXPECT_EQ(first->wait().exit_code, 0);
}

TEST_F(Probes, AreToldThatTheDatabaseIsAwayAndASignalEndsItAtOnce) {
  project.set("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none");
  const auto run = start();
  wait_until("waiting-for-database", "");
  EXPECT_THAT(http_get(port, "/livez"), StartsWith(is_live));
  run->signal(SIGTERM);
  const Finished finished = run->wait();
  EXPECT_EQ(finished.exit_code, 143);
  EXPECT_THAT(finished.err, HasSubstr("stopped by SIGTERM"));
}

// The application's port is free although clients are connected to it, hang, and were answered a moment ago.
TEST_F(Probes, ThatHangLeaveThePortFree) {
  const auto run = start();
  wait_until("migrating", "003");
  const TcpClient silent{port};
  const TcpClient slow{port};
  slow.send("GET /livez HT");
  const TcpClient keeps_its_end_open{port};
  keeps_its_end_open.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(keeps_its_end_open.answer(), StartsWith(is_live));
  release();
  expect_launched(run->wait());
  for (const TcpClient* client : {&silent, &slow, &keeps_its_end_open})
    EXPECT_TRUE(client->is_hung_up());
}

TEST_F(Probes, ThatAreNoHttpAreHungUpOn) {
  const auto run = start();
  for (const std::string& request :
       {std::string{"\x16\x03\x01\x02"} + std::string(300, '\0'), std::string{"SSH-2.0-OpenSSH_9.2\r\n\r\n"},
        "GET /livez HTTP/1.1\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n", std::string(100'000, '/')}) {
    const TcpClient client{port};
    client.send(request);
    EXPECT_TRUE(client.is_hung_up());
  }
  const TcpClient with_a_body{port};
  with_a_body.send("POST /livez HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n" + std::string(1'000'000, 'x'));
  EXPECT_THAT(with_a_body.answer(), StartsWith(is_live));
  EXPECT_THAT(http_get(port, "/livez"), StartsWith(is_live));
  release();
  expect_launched(run->wait());
}

TEST_F(Probes, AreAnsweredAlthoughManyOthersSayNothing) {
  const auto run = start();
  std::vector<std::unique_ptr<TcpClient>> others;
  others.reserve(300);
  for (int i = 0; i < 300; ++i)
    others.push_back(std::make_unique<TcpClient>(port));
  EXPECT_THAT(http_get(port, "/livez"), StartsWith(is_live));
  EXPECT_TRUE(others.front()->is_hung_up());
  release();
  expect_launched(run->wait());
}

// A client is connected while the migrator is started.
TEST_F(Probes, LeaveNoSocketToAMigrator) {
  project.write_file("migrator.sh", "while ! grep -qs go go; do sleep 0.05; done; ls -l /proc/self/fd\n");
  const auto run = start({"--migrate-with", "sh migrator.sh"});
  wait_until("migrating", "");
  project.write_file("go", "go");
  const Finished finished = run->wait();
  expect_launched(finished);
  EXPECT_THAT(finished.err, HasSubstr("migrator: "));
  EXPECT_THAT(finished.err, Not(HasSubstr("socket:")));
}

TEST_F(Probes, AtAPortThatIsTakenEndTheRunBeforeItBegins) {
  const auto run = start();
  wait_until("migrating", "003");
  const Finished second = start()->wait();
  EXPECT_EQ(second.exit_code, 78);
  EXPECT_THAT(second.err, HasSubstr("can't answer probes at :" + std::to_string(port) + ": Address already in use"));
  EXPECT_THAT(second.err, HasSubstr("hint: "));
  release();
  expect_launched(run->wait());
}

TEST_F(Probes, AreAnsweredByRunAlone) {
  release();
  const auto run = project.start({"upgrade", "--prepare-listen", ":" + std::to_string(port)});
  EXPECT_EQ(run->wait().exit_code, 0);
  EXPECT_THAT(run->err(), Not(HasSubstr("probes")));
}

}  // namespace
}  // namespace slipway::fixture
