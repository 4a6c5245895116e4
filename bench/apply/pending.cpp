#include "apply/pending.h"

#include <memory>

#include "apply/delayed_link.h"
#include "input/folder.h"
#include "input/server.h"
#include "input/tool.h"

namespace slipway::bench {
namespace {

using fixture::TempFolder;
using std::chrono_literals::operator""ms;

constexpr int many = 1'000;
constexpr int many_over_a_link = 200;
constexpr int some = 100;
constexpr int replicas = 50;
constexpr auto delay = 5ms;
constexpr std::size_t large = 100'000'000;

// Tools that take a second for what others do in a millisecond would take an hour here.
bool is_too_slow(const Tool& tool) {
  return tool.peer.name == "sqitch";
}

// One sample each in an empty database of its own.
class Fresh {
 public:
  // `port`: of a link to the server, where there is one.
  explicit Fresh(Server& server, int port = 0) : server_{server}, port_{port} {}

  template <typename Work>
  double operator()(const Work& work) {
    std::string url = server_.url(Server::Way::tcp, server_.new_database());
    if (port_ != 0) {
      const std::string own = ":" + std::to_string(server_.postgres().port()) + "/";
      url.replace(url.find(own), own.size(), ":" + std::to_string(port_) + "/");
    }
    return work(url);
  }

 private:
  Server& server_;
  int port_;
};

// slipway first, then the others with their folders; `goals` for those that have one.
class Tools {
 public:
  Tools(Fresh fresh, int revisions) : fresh_{fresh}, revisions_{revisions} { add(slipway_tool(), std::nullopt); }

  void add(const Tool& tool, std::optional<Goal> goal) {
    const TempFolder& folder = *folders_.emplace_back(std::make_unique<TempFolder>());
    tool.write(folder, revisions_);
    contenders.push_back({.name = tool.peer.name, .run = [this, tool, &folder] {
                            return fresh_(
                                [&](const std::string& url) { return run(tool.upgrade(folder, url)).wall_ms; });
                          }});
    if (contenders.size() > 1) goals.push_back(goal);
  }

  // `options`: of the server, as `postgres -c` takes them.
  void add_psql(const std::string& name, const std::string& options, std::optional<Goal> goal) {
    const std::string script = write_psql_script(*folders_.front(), revisions_);
    contenders.push_back({.name = name, .run = [this, script, options] {
                            return fresh_([&](const std::string& url) {
                              Command command = psql_file(url, script);
                              command.environment["PGOPTIONS"] = options;
                              return run(command).wall_ms;
                            });
                          }});
    goals.push_back(goal);
  }

  std::vector<Contender> contenders;
  std::vector<std::optional<Goal>> goals;

 private:
  Fresh fresh_;
  int revisions_;
  std::vector<std::unique_ptr<TempFolder>> folders_;
};

}  // namespace

std::vector<Row> thousand_pending() {
  Server server;
  Tools tools{Fresh{server}, many};
  tools.add_psql("`psql -f`, a COMMIT each", "", Goal{.at_most = 0.9});
  tools.add_psql("the same, asynchronous commits", "-c synchronous_commit=off", {});
  for (const Tool& tool : other_tools()) {
    if (is_too_slow(tool)) continue;
    tools.add(tool, tool.peer.name == "alembic"  ? std::optional{Goal{.at_most = 0.62}}
                    : tool.peer.name == "dbmate" ? std::optional{Goal{.at_most = 0.72}}
                                                 : std::nullopt);
  }
  return rows_of("1,000 pending", "ms", contest(tools.contenders, 3), tools.goals);
}

std::vector<Row> pending_over_a_link() {
  Server server;
  const DelayedLink link{server.postgres().port(), delay};
  Tools tools{Fresh{server, link.port()}, many_over_a_link};
  for (const Tool& tool : other_tools())
    if (tool.peer.name == "alembic" || tool.peer.name == "dbmate") tools.add(tool, Goal{.at_most = 1.0 / 3});
  return rows_of("200 pending, over a link with 5 ms of delay", "ms", contest(tools.contenders, 3, WarmUp::none),
                 tools.goals);
}

std::vector<Row> replicas_pending() {
  Server server;
  const TempFolder folder;
  write_revisions(folder, some);
  Fresh fresh{server};
  const auto together = [&](int count) {
    return [&, count] {
      return fresh([&](const std::string& url) {
        const double begin = now_s();
        std::vector<std::unique_ptr<Process>> all;
        all.reserve(static_cast<std::size_t>(count));
        for (int i = 0; i < count; ++i)
          all.push_back(std::make_unique<Process>(slipway_run(folder, url)));
        for (const auto& each : all)
          each->wait();
        return (now_s() - begin) * 1e3;
      });
    };
  };
  const Outcome outcome =
      contest({{.name = "slipway", .run = together(replicas)}, {.name = "one slipway", .run = together(1)}}, 8);
  return rows_of("50 replicas at once, 100 pending, the last launch", "ms", outcome, {Goal{.at_most = 1.5}});
}

std::vector<Row> one_large_script() {
  Server server;
  const TempFolder folder;
  std::string psql_script;
  {
    const std::string script = large_script(large);
    folder.write("migrations/001_large.sql", "-- migrate:up\n" + script + "-- migrate:down\nDROP TABLE many;\n");
    psql_script = folder.write("large.sql", script);
  }
  Fresh fresh{server};
  Figures memory{.name = "slipway", .samples = {}};
  Figures psql_memory{.name = "`psql -1 -f`", .samples = {}};
  const auto measured = [&](const std::function<Command(const std::string& url)>& command, Figures& peaks) {
    return Contender{.name = peaks.name, .run = [&fresh, &peaks, command] {
                       return fresh([&](const std::string& url) {
                         const End end = run_with_memory(command(url));
                         peaks.samples.push_back(end.peak_memory_mb);
                         return end.wall_ms;
                       });
                     }};
  };
  const Outcome outcome =
      contest({measured([&](const std::string& url) { return slipway_upgrade(folder, url); }, memory),
               measured([&](const std::string& url) { return psql_file(url, psql_script, {"-1"}); }, psql_memory)},
              3);
  auto rows = rows_of("1 script of 100 MB", "ms", outcome, {Goal{.at_most = 1.05}});
  rows.push_back({.subject = "1 script of 100 MB, peak memory",
                  .unit = "MB",
                  .slipway = memory,
                  .other = psql_memory,
                  .goal = Goal{.of = Goal::Of::most, .at_most = 2.0 * large / (1 << 20)},
                  .noisy = outcome.noisy});
  return rows;
}

}  // namespace slipway::bench
