#pragma once

#include <memory>
#include <string>
#include <vector>

#include "fixture/postgres.h"

// The servers of the benchmarks: as PostgreSQL comes, and not as the tests have them. Every commit that asks for it
// waits for the disk. No checkpoint and no autovacuum begins by itself while something is measured.

namespace slipway::bench {

enum class Tls { off, on };

// With Tls::on it has a certificate of its own making; it is started in any case.
class Server {
 public:
  explicit Server(Tls tls = Tls::off);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  fixture::Postgres& postgres() noexcept { return postgres_; }

  enum class Way { tcp, tls, socket };
  std::string url(Way way, const std::string& database) const;

  // Empty, and there as long as the server: the file system makes files more slowly for minutes after many were removed
  // (ext4: recently_deleted), and a migration makes many.
  std::string new_database();

 private:
  fixture::Postgres postgres_;
  std::vector<std::unique_ptr<fixture::Database>> databases_;
};

}  // namespace slipway::bench
