// What a migration does to live traffic: pgbench(1) updates a table that a long reader holds, while a revision wants to
// alter it; beside it psql does the same, and nobody does. One table in Markdown on stdout.
//
//   traffic_bench [SECONDS]    how long the reader stays; default 8

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "integration/project.h"

namespace slipway::bench {
namespace {

using namespace std::chrono_literals;
using fixture::Program;
using fixture::Project;

constexpr int clients = 4;

struct Figures {
  std::size_t queries = 0;
  double median_ms = 0;
  double longest_ms = 0;
};

// pgbench's log has a line for each: client, number, microseconds, and more (pgbench: "Per-Transaction Logging").
Figures read_log(const std::filesystem::path& folder) {
  std::vector<double> times;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (!entry.path().filename().string().starts_with("latency.")) continue;
    std::ifstream file{entry.path()};
    for (std::string line; std::getline(file, line);) {
      std::istringstream fields{line};
      long client = 0;
      long number = 0;
      double microseconds = 0;
      fields >> client >> number >> microseconds;
      times.push_back(microseconds / 1000);
    }
  }
  if (times.empty()) throw std::runtime_error{"pgbench wrote no log"};
  std::ranges::sort(times);
  return {.queries = times.size(), .median_ms = times[times.size() / 2], .longest_ms = times.back()};
}

using Migrate = std::function<std::unique_ptr<Program>(Project&)>;

Figures measure(std::chrono::seconds reader_stays, const Migrate& migrate) {
  Project project;
  project.write("001_accounts.sql",
                "CREATE TABLE accounts (id int PRIMARY KEY, balance int) WITH (fillfactor = 50);\nINSERT INTO accounts "
                "SELECT i, 0 FROM generate_series(1, 1000) i;");
  if (project.run({"upgrade"}).exit_code != 0) throw std::runtime_error{"the table can't be made"};
  project.write("002_alter.sql", "ALTER TABLE accounts ADD COLUMN more text;");

  const fixture::TempFolder folder;
  const auto script = folder.write(
      "traffic.sql", "\\set id random(1, 1000)\nUPDATE accounts SET balance = balance + 1 WHERE id = :id;\n");
  const fixture::Postgres& server = project.database().server();
  Program traffic{"/usr/bin/pgbench",
                  {"-n", "-c", std::to_string(clients), "-T", std::to_string((reader_stays + 4s).count()), "-f",
                   script.string(), "-l", "--log-prefix=latency", "-h", server.socket_folder().string(), "-p",
                   std::to_string(server.port()), "-U", "postgres", project.database().name()},
                  {.environment = {}, .folder = folder.path(), .blocked_signals = {}}};
  std::this_thread::sleep_for(1s);
  const auto connection = project.database().connect();
  pqxx::work reader{*connection};
  reader.exec("SELECT count(*) FROM accounts");
  const auto migration = migrate(project);
  std::this_thread::sleep_for(reader_stays);
  reader.commit();
  if (migration && migration->wait().exit_code != 0)
    throw std::runtime_error{"the migration failed: " + migration->err()};
  if (const auto finished = traffic.wait(); finished.exit_code != 0) throw std::runtime_error{finished.err};
  return read_log(folder.path());
}

}  // namespace
}  // namespace slipway::bench

int main(int argc, char* argv[]) {
  using namespace slipway::bench;
  const std::chrono::seconds reader_stays{argc > 1 ? std::stoi(argv[1]) : 8};
  struct Case {
    std::string name;
    Migrate migrate;
  };
  const auto slipway = [](const std::string& lock_timeout) {
    return [lock_timeout](Project& project) { return project.start({"upgrade", "--lock-timeout", lock_timeout}); };
  };
  const std::vector<Case> cases{{"nobody alters the table", [](Project&) { return std::unique_ptr<Program>{}; }},
                                {"slipway upgrade --lock-timeout 200ms", slipway("200ms")},
                                {"slipway upgrade (lock_timeout 3 s)", slipway("3s")},
                                {"psql -c 'ALTER TABLE …'", [](Project& project) {
                                   return std::make_unique<Program>(
                                       "/usr/bin/psql",
                                       std::vector<std::string>{"-X", "-d", project.database().url(), "-c",
                                                                "ALTER TABLE accounts ADD COLUMN more text"});
                                 }}};
  std::cout << "A reader holds the table for " << reader_stays.count() << " s; " << clients
            << " clients of pgbench.\n\n"
            << "| | queries | median, ms | longest, ms |\n| --- | ---: | ---: | ---: |\n";
  std::cout << std::fixed;
  std::cout.precision(1);
  for (const Case& each : cases) {
    const Figures figures = measure(reader_stays, each.migrate);
    std::cout << "| " << each.name << " | " << figures.queries << " | " << figures.median_ms << " | "
              << figures.longest_ms << " |\n"
              << std::flush;
  }
}
