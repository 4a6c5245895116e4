#include "start/at_head.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>

#include "input/folder.h"
#include "input/server.h"
#include "input/tool.h"

namespace slipway::bench {
namespace {

using fixture::Database;
using fixture::TempFolder;

constexpr int replicas = 50;

Command psql_select(const std::string& url) {
  return {.program = psql().program, .arguments = {"-X", "-d", url, "-c", "select 1"}};
}

Command libpq_alone(const std::string& url) {
  return {.program = FLOOR, .arguments = {url}};
}

Contender timed(std::string name, Command command) {
  return {.name = std::move(name), .run = [command = std::move(command)] { return run(command).wall_ms; }};
}

// The time until the last of them has ended.
Contender together(std::string name, const Command& command) {
  return {.name = std::move(name), .run = [command] {
            const double begin = now_s();
            std::vector<std::unique_ptr<Process>> all;
            all.reserve(replicas);
            for (int i = 0; i < replicas; ++i)
              all.push_back(std::make_unique<Process>(command));
            for (const auto& each : all)
              each->wait();
            return (now_s() - begin) * 1e3;
          }};
}

// A database that has what is in the folder.
class AtHead {
 public:
  explicit AtHead(Server& server, int revisions = 2) : database_{server.postgres()} {
    write_empty_revisions(folder_, revisions);
    run(slipway_upgrade(folder_, server.url(Server::Way::socket, database_.name())));
  }
  const TempFolder& folder() const noexcept { return folder_; }
  const std::string& database() const noexcept { return database_.name(); }

 private:
  TempFolder folder_;
  Database database_;
};

}  // namespace

std::vector<Row> at_head() {
  Server plain;
  Server with_tls{Tls::on};
  struct Link {
    std::string name;
    Server& server;
    Server::Way way;
  };
  std::vector<Row> rows;
  for (const Link& link : {Link{"TCP", plain, Server::Way::tcp}, Link{"TCP with TLS", with_tls, Server::Way::tls},
                           Link{"unix socket", plain, Server::Way::socket}}) {
    const AtHead here{link.server};
    const std::string url = link.server.url(link.way, here.database());
    const std::array commands{slipway_run(here.folder(), url), psql_select(url), libpq_alone(url)};
    const std::array names{"slipway", "`psql -X -c 'select 1'`", "libpq alone"};
    std::vector<Contender> contenders;
    std::array<std::vector<double>, commands.size()> processor_times;
    for (std::size_t i = 0; i < commands.size(); ++i)
      contenders.push_back({.name = names.at(i), .run = [&, i] {
                              const End end = run(commands.at(i));
                              processor_times.at(i).push_back(end.processor_ms);
                              return end.wall_ms;
                            }});
    Outcome outcome = contest(contenders, 60);
    const std::string subject = "2 revisions, nothing pending, " + link.name;
    std::ranges::copy(rows_of(subject, "ms", outcome, {Goal{.at_most = 0.8}, {}}), std::back_inserter(rows));
    for (std::size_t i = 0; i < commands.size(); ++i)
      outcome.figures[i].samples = processor_times.at(i);
    std::ranges::copy(rows_of(subject + ", the client's processor time", "ms", outcome, {}), std::back_inserter(rows));
  }
  return rows;
}

std::vector<Row> at_head_by_scram() {
  Server plain;
  Server with_tls{Tls::on};
  struct Link {
    std::string name;
    Server& server;
    Server::Way way;
    std::optional<Goal> goal;
  };
  std::vector<Row> rows;
  // The replacement stays as long as it saves a tenth.
  for (const Link& link : {Link{"TCP", plain, Server::Way::tcp, Goal{.at_most = 0.9}},
                           Link{"TCP with TLS", with_tls, Server::Way::tls, {}}}) {
    const AtHead here{link.server};
    const Command upgrade = slipway_upgrade(here.folder(), link.server.url(link.way, here.database()));
    Command with_libpqs = upgrade;
    with_libpqs.program = LIBPQ_SCRAM;
    const Outcome outcome = contest({timed("slipway", upgrade), timed("slipway with libpq's SCRAM", with_libpqs)}, 60);
    std::ranges::copy(rows_of("2 revisions, nothing pending, password by " + link.name, "ms", outcome, {link.goal}),
                      std::back_inserter(rows));
  }
  return rows;
}

std::vector<Row> at_head_of_tools() {
  Server server;
  const AtHead here{server};
  std::vector<Contender> contenders{
      timed("slipway", slipway_run(here.folder(), server.url(Server::Way::tcp, here.database())))};
  std::vector<std::unique_ptr<TempFolder>> folders;
  std::vector<std::unique_ptr<Database>> databases;
  std::vector<std::optional<Goal>> goals;
  Command connection = slipway_run(here.folder(), server.url(Server::Way::tcp, here.database()));
  connection.arguments.insert(std::ranges::find(connection.arguments, "--"), {"--no-migrate", "--exec"});
  contenders.push_back(timed("slipway's connection alone", connection));
  goals.emplace_back();
  for (const Tool& tool : other_tools()) {
    const TempFolder& folder = *folders.emplace_back(std::make_unique<TempFolder>());
    const Database& database = *databases.emplace_back(std::make_unique<Database>(server.postgres()));
    tool.write(folder, 2);
    const Command upgrade = tool.upgrade(folder, server.url(Server::Way::tcp, database.name()));
    run(upgrade);
    contenders.push_back(timed(tool.peer.name, upgrade));
    goals.push_back(tool.peer.name == "alembic"  ? std::optional{Goal{.at_most = 1.0 / 12}}
                    : tool.peer.name == "dbmate" ? std::optional{Goal{.at_most = 1.0 / 4}}
                                                 : std::nullopt);
  }
  return rows_of("2 revisions, nothing pending, TCP", "ms", contest(contenders, 12), goals);
}

std::vector<Row> at_head_of_many() {
  Server server;
  const AtHead two{server};
  const AtHead thousand{server, 1'000};
  const AtHead ten_thousand{server, 10'000};
  const auto contender = [&](const std::string& name, const AtHead& here) {
    return timed(name, slipway_run(here.folder(), server.url(Server::Way::socket, here.database())));
  };
  const Outcome outcome = contest(
      {contender("slipway, 2", two), contender("slipway, 1,000", thousand), contender("slipway, 10,000", ten_thousand)},
      30);
  const auto row = [&](const std::string& subject, std::size_t which, double most) {
    return Row{.subject = subject,
               .unit = "ms",
               .slipway = outcome.figures[which],
               .other = outcome.figures[0],
               .goal = Goal{.of = Goal::Of::difference, .at_most = most},
               .noisy = outcome.noisy};
  };
  return {row("1,000 revisions, nothing pending", 1, 10), row("10,000 revisions, nothing pending", 2, 100)};
}

std::vector<Row> replicas_at_head() {
  Server server;
  const AtHead here{server};
  const std::string url = server.url(Server::Way::tcp, here.database());
  const Outcome outcome = contest(
      {together("slipway", slipway_run(here.folder(), url)), timed("one slipway", slipway_run(here.folder(), url)),
       together("50 of psql", psql_select(url)), together("50 of libpq alone", libpq_alone(url))},
      12);
  return rows_of("50 replicas at once, nothing pending, the last launch", "ms", outcome, {Goal{.at_most = 3}, {}, {}});
}

std::vector<Row> memory_at_head() {
  Server server;
  const AtHead here{server};
  const std::string url = server.url(Server::Way::tcp, here.database());
  const auto peak = [](std::string name, const Command& command) {
    return Contender{.name = std::move(name), .run = [command] { return run_with_memory(command).peak_memory_mb; }};
  };
  const Outcome outcome =
      contest({peak("slipway", slipway_run(here.folder(), url)), peak("`psql -X -c 'select 1'`", psql_select(url)),
               peak("libpq alone", libpq_alone(url))},
              10);
  return rows_of("2 revisions, nothing pending, peak memory", "MB", outcome, {Goal{.at_most = 1}, {}});
}

}  // namespace slipway::bench
