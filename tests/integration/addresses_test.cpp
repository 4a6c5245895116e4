#include <stdexcept>
#include <vector>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fixture/tcp.h"
#include "integration/project.h"

// A host's name that has several addresses, of which not all answer: a stale record, or IPv6 that leads nowhere.

namespace slipway::fixture {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* name = "db.test";

// An address and port that swallow every packet: of a listener that never accepts, and whose queue is full, Linux drops
// what asks for a connection (listen(2)).
class BlackHole {
 public:
  BlackHole(const char* address, int port) {
    at_.sin_family = AF_INET;
    at_.sin_port = htons(static_cast<std::uint16_t>(port));
    ::inet_pton(AF_INET, address, &at_.sin_addr);
    const int listener = new_socket();
    if (::bind(listener, where(), sizeof at_) != 0 || ::listen(listener, 0) != 0)
      throw std::runtime_error{"can't listen"};
    for (int i = 0; i < 4; ++i)
      static_cast<void>(::connect(new_socket(), where(), sizeof at_));
  }
  ~BlackHole() {
    for (const int socket : sockets_)
      ::close(socket);
  }
  BlackHole(const BlackHole&) = delete;
  BlackHole& operator=(const BlackHole&) = delete;

 private:
  int new_socket() { return sockets_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)); }
  const sockaddr* where() const { return reinterpret_cast<const sockaddr*>(&at_); }

  sockaddr_in at_{};
  std::vector<int> sockets_;
};

class TwoAddresses : public testing::Test {
 protected:
  void SetUp() override {
    if (SLIPWAY_INSTRUMENTED) GTEST_SKIP() << "a sanitizer has to be loaded before what this test loads";
    project_.write_two_revisions();
    project_.set("LD_PRELOAD", SLIPWAY_TEST_HOSTS);
    use(name, "127.0.0.2,127.0.0.1", port());
  }

  void use(const std::string& host, const std::string& addresses, int port, const std::string& password = right) {
    project_.set("HOST_WITH_ADDRESSES", name + ("=" + addresses));
    project_.set("DATABASE_URL", "postgresql://postgres:" + password + "@" + host + ":" + std::to_string(port) + "/" +
                                     project_.database().name());
  }

  int port() const { return project_.database().server().port(); }

  static inline const std::string right{Postgres::password};
  Project project_;
};

// One attempt is enough, whatever the order of the addresses.
TEST_F(TwoAddresses, OneThatSwallowsEveryPacketDoesNotHideTheOther) {
  const BlackHole hole{"127.0.0.2", port()};
  const Finished upgrade = project_.run({"upgrade", "--wait-timeout", "0", "--connect-timeout", "200ms"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  const Finished wait = project_.run({"wait", "--wait-timeout", "5s"});
  EXPECT_EQ(wait.exit_code, 0) << wait.err;
}

// Whoever waits at each start should know for what.
TEST_F(TwoAddresses, TheLogNamesTheOneThatCostTime) {
  const BlackHole hole{"127.0.0.2", port()};
  const Finished wait = project_.run({"wait", "--connect-timeout", "1500ms"});
  EXPECT_EQ(wait.exit_code, 0) << wait.err;
  EXPECT_THAT(wait.err, AllOf(HasSubstr("db.test (127.0.0.2):" + std::to_string(port()) +
                                        ": no answer within the connect timeout of 1500 ms"),
                              HasSubstr("connected to db.test (127.0.0.1):")));
}

TEST_F(TwoAddresses, EachIsNamedWhereNoneAnswers) {
  const int closed = free_port();
  const BlackHole hole{"127.0.0.2", closed};
  use(name, "127.0.0.2,127.0.0.1", closed);
  const Finished wait = project_.run({"wait", "--wait-timeout", "0", "--connect-timeout", "200ms"});
  EXPECT_EQ(wait.exit_code, 69) << wait.err;
  EXPECT_THAT(wait.err, AllOf(HasSubstr("(127.0.0.2)"), HasSubstr("\"127.0.0.1\""), HasSubstr("Connection refused")));
}

// The same service answers at all of them: what one says of the password goes for the others.
TEST_F(TwoAddresses, WhatOneSaysCountsMoreThanThatAnotherIsAway) {
  use(name, "127.0.0.2,127.0.0.1", port(), "wrong");
  const Finished wait = project_.run({"wait", "--wait-grace", "300ms"});
  EXPECT_EQ(wait.exit_code, 77) << wait.err;
  EXPECT_THAT(wait.err, HasSubstr("password authentication failed"));
}

// As a name that stands for all members of a cluster does.
TEST(AddressesOfACluster, ThePrimaryIsFoundBehindAStandby) {
  if (SLIPWAY_INSTRUMENTED) GTEST_SKIP() << "a sanitizer has to be loaded before what this test loads";
  Postgres primary{{.settings = {"wal_keep_size=64MB"}}};
  Project project{primary};
  project.write_two_revisions();
  const int port = primary.port();
  Postgres standby{{.settings = {"listen_addresses=127.0.0.2"}, .port = port, .standby_of = &primary}};
  standby.wait_until_it_has(project.database().name());
  project.set("LD_PRELOAD", SLIPWAY_TEST_HOSTS);
  project.set("HOST_WITH_ADDRESSES", "db.test=127.0.0.2,127.0.0.1");
  project.set("DATABASE_URL", "postgresql://postgres:" + std::string{Postgres::password} +
                                  "@db.test:" + std::to_string(port) + "/" + project.database().name());
  const Finished upgrade = project.run({"upgrade", "--wait-timeout", "0"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_THAT(upgrade.err, Not(HasSubstr("standby")));
}

// The same for a service file's hosts and the variables' (PostgreSQL: "Connection Service File").
TEST(HostsFromElsewhere, AreTriedOneByOneToo) {
  Project project;
  project.write_two_revisions();
  const int port = project.database().server().port();
  const BlackHole hole{"127.0.0.2", port};
  const auto upgrade = [&] { return project.run({"upgrade", "--wait-timeout", "0", "--connect-timeout", "200ms"}); };
  const std::string ports = std::to_string(port) + "," + std::to_string(port);

  project.write_file("services", "[app]\nhost=127.0.0.2,127.0.0.1\nport=" + ports +
                                     "\nuser=postgres\ndbname=" + project.database().name() +
                                     "\npassword=" + std::string{Postgres::password} + "\n");
  project.set("PGSERVICEFILE", (project.folder() / "services").string());
  project.set("DATABASE_URL", "service=app");
  EXPECT_EQ(upgrade().exit_code, 0) << upgrade().err;

  project.set("DATABASE_URL", "");
  project.set("PGSERVICE", "app");
  EXPECT_EQ(upgrade().exit_code, 0) << upgrade().err;

  project.set("PGSERVICE", "");
  project.set("PGHOST", "127.0.0.2,127.0.0.1");
  project.set("PGPORT", ports);
  project.set("DATABASE_URL",
              "user=postgres password=" + std::string{Postgres::password} + " dbname=" + project.database().name());
  EXPECT_EQ(upgrade().exit_code, 0) << upgrade().err;
}

}  // namespace
}  // namespace slipway::fixture
