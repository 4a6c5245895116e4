#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture/proxy.h"
#include "fixture/system_calls.h"
#include "integration/project.h"

// What slipway asks of the kernel and of the server, in exact counts: the benchmarks' short form, which is the same on
// every machine. A number that has grown is a slower start; one that has shrunk is to be written down here.

namespace slipway::fixture {
namespace {

class Cost : public testing::Test {
 protected:
  void write_revisions(int count) {
    for (int i = 1; i <= count; ++i) {
      const std::string id = std::to_string(1000 + i);
      std::string sql = "CREATE TABLE table_";
      sql.append(id).append(" (id int);\nCREATE INDEX ON table_").append(id).append(" (id);");
      project_.write(id + "_table.sql", sql);
    }
  }

  SystemCalls calls_at_head() {
    EXPECT_EQ(project_.run({"upgrade"}).exit_code, 0);
    SystemCalls calls = system_calls_of(
        slipway(), {"upgrade", "--log-level", "warning"},
        {.environment = {{"DATABASE_URL", url_by_socket()}}, .folder = project_.folder(), .blocked_signals = {}});
    EXPECT_EQ(calls.exit_code, 0);
    return calls;
  }

  // No password and no encryption, of which the library for them decides what they cost.
  std::string url_by_socket() const {
    const Postgres& server = project_.database().server();
    return "postgresql://postgres@/" + project_.database().name() + "?host=" + server.socket_folder().string() +
           "&port=" + std::to_string(server.port());
  }

  struct Messages {
    int to_server = 0;
    int to_client = 0;
  };

  // Of an upgrade that applies so many revisions to an empty database.
  static Messages messages_of_upgrade(int revisions) {
    Project project;
    for (int i = 1; i <= revisions; ++i)
      project.write(std::to_string(1000 + i) + "_nothing.sql", "SELECT 1;");
    const Postgres& server = project.database().server();
    const Proxy proxy{server.port(), std::nullopt};
    std::string url = project.database().url();
    const std::string port = ":" + std::to_string(server.port()) + "/";
    url.replace(url.find(port), port.size(), ":" + std::to_string(proxy.port()) + "/");
    project.set("DATABASE_URL", url + "?sslmode=disable");
    const Finished upgrade = project.run({"upgrade"});
    EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
    return {.to_server = proxy.messages(Proxy::Direction::to_server),
            .to_client = proxy.messages(Proxy::Direction::to_client)};
  }

  Project project_;
};

TEST_F(Cost, AStartAtHeadInSystemCalls) {
  if (SLIPWAY_INSTRUMENTED) GTEST_SKIP() << "an instrumented program makes system calls of its own";
  write_revisions(2);
  const SystemCalls calls = calls_at_head();
  // 75, and what an answer costs that arrives in two parts.
  EXPECT_LE(calls.total(), 78) << testing::PrintToString(calls);
}

TEST_F(Cost, AMigrationFileInSystemCalls) {
  if (SLIPWAY_INSTRUMENTED) GTEST_SKIP() << "an instrumented program makes system calls of its own";
  write_revisions(100);
  const SystemCalls calls = calls_at_head();
  write_revisions(200);
  const SystemCalls more = calls_at_head();
  // Opened, read and closed; and a few calls for the memory of all.
  EXPECT_LE(more.total() - calls.total(), 3 * 100 + 20) << testing::PrintToString(more);
}

// One message to the server a revision; what comes back is one for each statement, and the rows of five of them with
// their description.
TEST_F(Cost, ARevisionInMessages) {
  const Messages of_ten = messages_of_upgrade(10);
  const Messages of_twenty = messages_of_upgrade(20);
  // The message that ends a connection may not have reached the proxy when slipway has ended.
  constexpr int last = 1;
  EXPECT_LE(of_twenty.to_server - of_ten.to_server, 10 + last);
  // Servers from 17 have one more timeout to set; those before 14 report each change of a parameter by itself.
  const int major = shared_postgres().major_version();
  const int to_client = major >= 17 ? 35 : major >= 14 ? 34 : 40;
  EXPECT_LE(of_twenty.to_client - of_ten.to_client, 10 * to_client + last);
}

}  // namespace
}  // namespace slipway::fixture
