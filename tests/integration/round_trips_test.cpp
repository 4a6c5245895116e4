#include <ostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/project.h"

// What a run costs the server, read from the server's own log: connections, and messages of the simple query protocol,
// each of which is a round trip.

namespace slipway::fixture {
namespace {

class RoundTrips : public testing::Test {
 protected:
  struct Cost {
    int connections = 0;
    int messages = 0;
    friend bool operator==(const Cost&, const Cost&) = default;
    friend void PrintTo(const Cost& cost, std::ostream* out) {
      *out << cost.connections << " connections, " << cost.messages << " messages";
    }
  };

  static int count(std::string_view text, std::string_view word) {
    int found = 0;
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1))
      ++found;
    return found;
  }

  // Of one run of slipway, told from the test's own sessions by the application_name.
  Cost cost_of(const std::vector<std::string>& arguments) {
    const std::size_t begin = read_file(server_.log()).size();
    const Finished finished = project_.run(arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    const std::string log = read_file(server_.log()).substr(begin);
    return {.connections = count(log, "connection authorized: user=postgres database=" + project_.database().name() +
                                          " application_name=slipway"),
            .messages = count(log, "[slipway] LOG:  statement: ")};
  }

  // Servers before 14 don't tell whether they are a standby, which matters to whoever writes.
  int question_of_old_servers() const { return server_.major_version() < 14 ? 1 : 0; }

  Postgres server_{{.settings = {"log_statement=all", "log_connections=on", "log_line_prefix=[%a] "}}};
  Project project_{server_};
};

TEST_F(RoundTrips, NothingPendingTakesOneConnectionAndOneMessage) {
  project_.write_two_revisions();
  project_.run({"upgrade"});
  EXPECT_EQ(cost_of({"upgrade"}), (Cost{.connections = 1, .messages = 1 + question_of_old_servers()}));
  EXPECT_EQ(cost_of({"run", "--", "/bin/true"}), (Cost{.connections = 1, .messages = 1 + question_of_old_servers()}));
  EXPECT_EQ(cost_of({"current"}), (Cost{.connections = 1, .messages = 1}));
}

TEST_F(RoundTrips, ARevisionTakesOneMessage) {
  project_.write_two_revisions();
  project_.run({"upgrade"});
  for (const char* id : {"003", "004", "005", "006"})
    project_.write(std::string{id} + "_more.sql", "INSERT INTO audit VALUES ('" + std::string{id} + "');");
  EXPECT_EQ(cost_of({"upgrade"}), (Cost{.connections = 1, .messages = 1 + 4 + question_of_old_servers()}));
  EXPECT_EQ(cost_of({"downgrade", "-3"}), (Cost{.connections = 1, .messages = 1 + 3 + question_of_old_servers()}));
}

// The first question fails where there is no ledger yet, and a second one finds out what there is.
TEST_F(RoundTrips, AnEmptyDatabaseTakesOneMessageMore) {
  project_.write_two_revisions();
  EXPECT_EQ(cost_of({"upgrade"}), (Cost{.connections = 1, .messages = 2 + 2 + question_of_old_servers()}));
}

}  // namespace
}  // namespace slipway::fixture
