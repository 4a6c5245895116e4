#include "input/tool.h"

#include "input/folder.h"

namespace slipway::bench {
namespace {

using fixture::TempFolder;

// For drivers that know no other scheme, and no `host` in the query.
std::string with_scheme(std::string_view scheme, const std::string& url) {
  return std::string{scheme} + url.substr(url.find("://"));
}

Command alembic_upgrade(const TempFolder& folder, const std::string& url) {
  return {.program = alembic().program,
          .arguments = {"upgrade", "head"},
          .environment = {{"DATABASE_URL", with_scheme("postgresql+psycopg2", url)}},
          .folder = folder.path()};
}

Command dbmate_upgrade(const TempFolder& folder, const std::string& url) {
  return {.program = dbmate().program,
          .arguments = {"--no-dump-schema", "--migrations-dir", "migrations", "migrate"},
          .environment = {{"DATABASE_URL", with_scheme("postgres", url)}},
          .folder = folder.path()};
}

Command node_upgrade(const TempFolder& folder, const std::string& url) {
  return {.program = "/usr/bin/node",
          .arguments = {node_pg_migrate().program, "up", "-m", "node-pg-migrate", "--no-verbose"},
          .environment = {{"DATABASE_URL", with_scheme("postgres", url)}},
          .folder = folder.path()};
}

Command sqitch_deploy(const TempFolder& folder, const std::string& url) {
  return {.program = sqitch().program,
          .arguments = {"--quiet", "deploy", with_scheme("db:pg", url)},
          .folder = folder.path() / "sqitch"};
}

}  // namespace

Command slipway_run(const TempFolder& folder, const std::string& url) {
  return {.program = slipway().program,
          .arguments = {"run", "--", "/bin/true"},
          .environment = {{"DATABASE_URL", url}},
          .folder = folder.path()};
}

Command slipway_upgrade(const TempFolder& folder, const std::string& url) {
  return {.program = slipway().program,
          .arguments = {"upgrade", "--log-level", "warning"},
          .environment = {{"DATABASE_URL", url}},
          .folder = folder.path()};
}

const Tool& slipway_tool() {
  static const Tool tool{.peer = slipway(), .write = write_revisions, .upgrade = slipway_upgrade};
  return tool;
}

std::vector<Tool> other_tools() {
  std::vector<Tool> tools;
  for (const Tool& tool : {Tool{.peer = alembic(), .write = write_alembic_revisions, .upgrade = alembic_upgrade},
                           Tool{.peer = dbmate(), .write = write_revisions, .upgrade = dbmate_upgrade},
                           Tool{.peer = node_pg_migrate(), .write = write_node_revisions, .upgrade = node_upgrade},
                           Tool{.peer = sqitch(), .write = write_sqitch_changes, .upgrade = sqitch_deploy}})
    if (tool.peer) tools.push_back(tool);
  return tools;
}

Command psql_file(const std::string& url, const std::string& file, const std::vector<std::string>& more) {
  std::vector<std::string> arguments{"-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", file};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return {.program = psql().program, .arguments = arguments};
}

}  // namespace slipway::bench
