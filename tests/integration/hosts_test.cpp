#include <cerrno>
#include <map>
#include <system_error>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fixture/system_calls.h"
#include "integration/project.h"

// Which of the URL's servers slipway works on, and what it does when the network to one is gone without a word.

namespace slipway::fixture {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Key;
using testing::Not;
using testing::Pair;
using testing::UnorderedElementsAre;

// A primary, and a standby that is named first.
class TwoServers : public testing::Test {
 protected:
  TwoServers() {
    project_.write_two_revisions();
    standby_.wait_until_it_has(project_.database().name());
  }

  Finished run_on(const std::string& hosts, const std::string& target, const std::vector<std::string>& command) {
    project_.set("DATABASE_URL", "postgresql://postgres:" + std::string{Postgres::password} + "@" + hosts + "/" +
                                     project_.database().name() + "?target_session_attrs=" + target);
    return project_.run(command);
  }

  static std::string host(const Postgres& server) { return "127.0.0.1:" + std::to_string(server.port()); }

  Postgres primary_{{.settings = {"wal_keep_size=64MB"}}};
  Postgres standby_{{.settings = {}, .standby_of = &primary_}};
  Project project_{primary_};
};

TEST_F(TwoServers, MigrationsRunOnThePrimaryWhereverItIsNamed) {
  for (const char* target : {"any", "read-write", "primary", "prefer-standby"}) {
    const Finished finished = run_on(host(standby_) + "," + host(primary_), target, {"upgrade"});
    EXPECT_EQ(finished.exit_code, 0) << target << finished.err;
    EXPECT_EQ(run_on(host(standby_) + "," + host(primary_), target, {"downgrade", "base"}).exit_code, 0) << target;
  }
}

// Who blocks is known to the primary alone.
TEST_F(TwoServers, WhoBlocksIsLookedForOnThePrimary) {
  ASSERT_EQ(project_.run({"upgrade"}).exit_code, 0);
  project_.write("003_alter.sql", "ALTER TABLE one ADD COLUMN more text;");
  const auto connection = project_.database().connect();
  pqxx::work reader{*connection};
  reader.exec("SELECT FROM one");
  const Finished blocked =
      run_on(host(standby_) + "," + host(primary_), "any", {"upgrade", "--lock-timeout", "3s", "--lock-wait", "2s"});
  EXPECT_EQ(blocked.exit_code, 75);
  EXPECT_THAT(blocked.err, HasSubstr("blocked by pid"));
}

TEST_F(TwoServers, AStandbyAloneIsWaitedForToBecomeThePrimary) {
  for (const char* target : {"any", "read-write", "primary", "prefer-standby"}) {
    const Finished finished = run_on(host(standby_), target, {"run", "--wait-timeout", "300ms", "--", "/bin/true"});
    EXPECT_EQ(finished.exit_code, 69) << target << finished.err;
    EXPECT_THAT(finished.err, HasSubstr("standby")) << target;
  }
}

TEST_F(TwoServers, AUrlThatAsksForAStandbyIsGoodForLookingAlone) {
  EXPECT_EQ(run_on(host(primary_), "any", {"upgrade"}).exit_code, 0);
  const std::string written = project_.database().value("SELECT pg_current_wal_lsn()");
  pqxx::connection standby{standby_.own_url("postgres")};
  while (!pqxx::nontransaction{standby}.exec1("SELECT pg_last_wal_replay_lsn() >= '" + written + "'")[0].as<bool>()) {
  }
  for (const char* target : {"standby", "read-only"}) {
    const std::string hosts = host(primary_) + "," + host(standby_);
    const Finished looked = run_on(hosts, target, {"current"});
    EXPECT_EQ(looked.exit_code, 0) << looked.err;
    EXPECT_THAT(looked.out, HasSubstr("002"));
    const Finished finished = run_on(hosts, target, {"upgrade", "--wait-timeout", "20s"});
    EXPECT_EQ(finished.exit_code, 78) << finished.err;
    EXPECT_THAT(finished.err, HasSubstr("asks for a standby, and migrations need the primary"));
    EXPECT_THAT(finished.err, Not(HasSubstr("waiting for")));
  }
}

TEST_F(TwoServers, TheEnvironmentsWordForItCountsToo) {
  project_.set("DATABASE_URL", primary_.url(project_.database().name()));
  project_.set("PGTARGETSESSIONATTRS", "standby");
  EXPECT_EQ(project_.run({"upgrade"}).exit_code, 78);
}

// The network

class Network : public testing::Test {
 protected:
  Network() { project_.write_two_revisions(); }

  // What the connection's socket was set to; libpq sets nothing that is off.
  std::map<std::string, int> tcp_options_with(const std::string& query) {
    project_.set("DATABASE_URL", project_.database().url() + query);
    const SystemCalls calls = system_calls_of(slipway(), {"current"}, project_.options());
    EXPECT_EQ(calls.exit_code, 0);
    std::map<std::string, int> values;
    const auto keep = [&](const char* name, int level, int option) {
      if (const auto set = calls.socket_options.find({level, option}); set != calls.socket_options.end())
        values[name] = set->second;
    };
    keep("keepalive", SOL_SOCKET, SO_KEEPALIVE);
    keep("idle", IPPROTO_TCP, TCP_KEEPIDLE);
    keep("interval", IPPROTO_TCP, TCP_KEEPINTVL);
    keep("count", IPPROTO_TCP, TCP_KEEPCNT);
    keep("user_timeout", IPPROTO_TCP, TCP_USER_TIMEOUT);
    return values;
  }

  Project project_;
};

TEST_F(Network, ACutIsNoticedWithinHalfAMinuteByDefault) {
  EXPECT_THAT(tcp_options_with(""), UnorderedElementsAre(Pair("keepalive", 1), Pair("idle", 10), Pair("interval", 5),
                                                         Pair("count", 3), Pair("user_timeout", 30'000)));
}

TEST_F(Network, TheUrlsKeepalivesCountBeforeTheDefaults) {
  EXPECT_THAT(tcp_options_with("?keepalives_idle=40&tcp_user_timeout=70000"),
              IsSupersetOf({Pair("keepalive", 1), Pair("idle", 40), Pair("user_timeout", 70'000)}));
  EXPECT_THAT(tcp_options_with("?keepalives=0"), Not(Contains(Key("keepalive"))));
}

// The server would otherwise keep the lock of a session that it can't know to be gone.
TEST_F(Network, TheServerLooksAfterASessionThatHoldsALock) {
  project_.write("003_slow.sql",
                 "CREATE TABLE seen AS SELECT current_setting('tcp_keepalives_idle') || ' ' || "
                 "current_setting('tcp_keepalives_interval') || ' ' || current_setting('tcp_keepalives_count') || ' ' "
                 "|| current_setting('tcp_user_timeout');",
                 "SELECT 1;", "transaction:false");
  EXPECT_EQ(project_.run({"upgrade"}).exit_code, 0);
  EXPECT_EQ(project_.database().value("SELECT * FROM seen"), "10 5 3 30000");
}

// A network of this process's own, with nothing in it but a loopback that can be taken down.
class OwnNetwork {
 public:
  OwnNetwork() : before_{::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)} {
    is_there_ = ::unshare(CLONE_NEWNET) == 0;
    if (is_there_) set(IFF_UP);
  }
  ~OwnNetwork() {
    if (is_there_) ::setns(before_, CLONE_NEWNET);
    ::close(before_);
  }
  OwnNetwork(const OwnNetwork&) = delete;
  OwnNetwork& operator=(const OwnNetwork&) = delete;

  bool is_there() const noexcept { return is_there_; }
  void cut() const { set(0); }
  void mend() const { set(IFF_UP); }

 private:
  static void set(short flags) {
    const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ifreq request{};
    request.ifr_name[0] = 'l';
    request.ifr_name[1] = 'o';
    request.ifr_flags = flags;
    const int result = ::ioctl(socket, SIOCSIFFLAGS, &request);
    const int error = errno;
    ::close(socket);
    if (result != 0) throw std::system_error{error, std::generic_category(), "lo"};
  }

  int before_;
  bool is_there_ = false;
};

TEST(SilentCut, EndsInAnErrorAndNotInAHang) {
  const OwnNetwork network;
  if (!network.is_there()) GTEST_SKIP() << "can't have a network namespace here";
  Postgres server;
  Project project{server};
  project.write_two_revisions();
  project.write("003_slow.sql", "INSERT INTO audit VALUES ('003');\nSELECT pg_sleep(6);");
  project.set("DATABASE_URL",
              project.database().url() + "?keepalives_idle=1&keepalives_interval=1&tcp_user_timeout=2000");
  const auto upgrade = project.start({"upgrade", "--wait-timeout", "60s"});
  while (project.database().value("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == "0" &&
         upgrade->is_running()) {
  }
  network.cut();
  EXPECT_TRUE(upgrade->wait_for_err("the connection was lost")) << upgrade->err();
  network.mend();
  const Finished finished = upgrade->wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_THAT(project.database().rows("SELECT revision FROM audit ORDER BY 1"), ElementsAre("001", "002", "003"));
}

}  // namespace
}  // namespace slipway::fixture
