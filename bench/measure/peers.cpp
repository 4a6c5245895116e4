#include "measure/peers.h"

#include <cstdlib>

#include <nlohmann/json.hpp>

#include "fixture/postgres.h"
#include "measure/process.h"

namespace slipway::bench {
namespace {

namespace fs = std::filesystem;

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

Peer find(std::string name, const fs::path& program) {
  if (!fs::exists(program)) return {.name = std::move(name), .program = {}, .version = "not installed"};
  return {.name = std::move(name), .program = program, .version = first_line(output_of({program, {"--version"}}))};
}

// What came from npm: `./dev bench` says where.
Peer find_in_npm(std::string name, const fs::path& package, const fs::path& program) {
  const char* const home = std::getenv("SLIPWAY_BENCH_PEERS");
  const fs::path folder = fs::path{home == nullptr ? "/nowhere" : home} / "node_modules" / package;
  Peer peer{.name = std::move(name), .program = folder / program, .version = "not installed"};
  if (!fs::exists(peer.program))
    peer.program.clear();
  else
    peer.version = nlohmann::json::parse(fixture::read_file(folder / "package.json")).at("version");
  return peer;
}

}  // namespace

const Peer& slipway() {
  static const Peer peer = find("slipway", SLIPWAY_PORTABLE);
  return peer;
}
const Peer& psql() {
  static const Peer peer = find("psql", fixture::server_programs() / "psql");
  return peer;
}
const Peer& alembic() {
  static const Peer peer = find("alembic", "/usr/bin/alembic");
  return peer;
}
const Peer& dbmate() {
  static const Peer peer = find_in_npm("dbmate", "@dbmate/linux-x64", "bin/dbmate");
  return peer;
}
const Peer& node_pg_migrate() {
  static const Peer peer = find_in_npm("node-pg-migrate", "node-pg-migrate", "bin/node-pg-migrate.js");
  return peer;
}
const Peer& sqitch() {
  static const Peer peer = find("sqitch", "/usr/bin/sqitch");
  return peer;
}

std::vector<Peer> all_peers() {
  return {slipway(), psql(), alembic(), dbmate(), node_pg_migrate(), sqitch()};
}

}  // namespace slipway::bench
