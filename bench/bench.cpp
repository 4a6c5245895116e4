// slipway side by side with psql, libpq alone and other migration tools, all in one run. Prints a table in Markdown.
//
//   slipway_bench [--write FOLDER] [CASE…]
//
// Without a CASE all of them. --write puts the results of all into FOLDER too: the table into its benchmarks.md,
// bench.json and bench.svg.

#include <algorithm>
#include <array>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "apply/pending.h"
#include "graph/plan_case.h"
#include "measure/chart.h"
#include "measure/process.h"
#include "measure/report.h"
#include "start/at_head.h"
#include "wait/ready.h"
#include "wait/waiters.h"

namespace {

using namespace slipway::bench;

// Those first that make thousands of files, while none were removed: see Server::new_database.
const std::array cases{
    Case{"pending", "1,000 pending revisions", thousand_pending},
    Case{"link", "200 pending revisions over a slow link", pending_over_a_link},
    Case{"replicas-pending", "100 pending revisions, 50 replicas at once", replicas_pending},
    Case{"head", "nothing pending, beside psql and libpq alone", at_head},
    Case{"scram", "nothing pending, beside libpq's own SCRAM", at_head_by_scram},
    Case{"tools", "nothing pending, beside the other tools", at_head_of_tools},
    Case{"memory", "nothing pending, memory", memory_at_head},
    Case{"folder", "nothing pending, 1,000 and 10,000 revisions", at_head_of_many},
    Case{"replicas", "nothing pending, 50 replicas at once", replicas_at_head},
    Case{"large", "one script of 100 MB", one_large_script},
    Case{"ready", "a database that is ready after 5 s", ready_after_a_while},
    Case{"waiters", "replicas that wait for another", waiters_behind_a_leader},
    Case{"plan", "a plan of 10,000 revisions", plan_of_a_random_graph},
};

int usage() {
  std::cerr << "slipway_bench [--write FOLDER] [CASE…]\n\n";
  for (const Case& each : cases)
    std::cerr << "  " << each.name << std::string(18 - each.name.size(), ' ') << each.what << "\n";
  return 64;
}

}  // namespace

int main(int count, char* arguments[]) try {
  std::vector<std::string> words{arguments + 1, arguments + count};
  std::filesystem::path folder;
  if (words.size() >= 2 && words[0] == "--write") {
    folder = words[1];
    words.erase(words.begin(), words.begin() + 2);
  }
  for (const std::string& word : words)
    if (std::ranges::find(cases, word, &Case::name) == cases.end()) return usage();

  const Machine machine = Machine::look();
  std::vector<Row> rows;
  for (const Case& each : cases) {
    if (!words.empty() && std::ranges::find(words, each.name) == words.end()) continue;
    const double begin = now_s();
    std::cerr << each.name << ": " << each.what << std::flush;
    const std::vector<Row> more = each.run();
    rows.insert(rows.end(), more.begin(), more.end());
    std::cerr << " (" << static_cast<int>(now_s() - begin) << " s)\n";
  }
  std::cout << markdown(machine, rows);
  if (!folder.empty()) {
    replace_figures(folder / "benchmarks.md", markdown(machine, rows));
    std::ofstream{folder / "bench.json"} << json(machine, rows);
    std::ofstream{folder / "bench.svg"} << chart(rows);
  }
} catch (const std::exception& error) {
  std::cerr << "\nslipway_bench: " << error.what() << "\n";
  return 1;
}
