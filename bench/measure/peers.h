#pragma once

#include <filesystem>
#include <string>
#include <vector>

// The programs that are measured, and where they are. A peer that is not installed is left out of every case, which
// the report says.

namespace slipway::bench {

struct Peer {
  std::string name;
  std::filesystem::path program;  // empty: not installed
  std::string version;            // as it says itself
  explicit operator bool() const noexcept { return !program.empty(); }
};

const Peer& slipway();  // the portable build
const Peer& psql();     // the server's own, not the wrapper that Debian has in PATH
const Peer& alembic();
const Peer& dbmate();
const Peer& node_pg_migrate();
const Peer& sqitch();

std::vector<Peer> all_peers();

}  // namespace slipway::bench
