#include "input/server.h"

#include <filesystem>

#include "measure/process.h"

namespace slipway::bench {
namespace {

fixture::PostgresOptions as_installed(Tls tls) {
  fixture::PostgresOptions options{.settings = {"fsync=on", "full_page_writes=on", "shared_buffers=128MB",
                                                "checkpoint_timeout=1h", "max_wal_size=8GB"},
                                   .start = false};
  if (tls == Tls::on) options.settings.emplace_back("ssl=on");
  return options;
}

}  // namespace

Server::Server(Tls tls) : postgres_{as_installed(tls)} {
  if (tls == Tls::on) {
    const std::filesystem::path data = postgres_.data();
    const std::string key = data / "server.key";
    const std::string certificate = data / "server.crt";
    run({"/usr/bin/openssl",
         {"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", key,
          "-out", certificate}});
    run({"/bin/chown", {"--reference=" + (data / "base").string(), key, certificate}});
    std::filesystem::permissions(key, std::filesystem::perms::owner_read);
  }
  postgres_.start();
}

// Stopped first, so that no database is dropped on its own.
Server::~Server() {
  postgres_.stop();
}

std::string Server::new_database() {
  return databases_.emplace_back(std::make_unique<fixture::Database>(postgres_))->name();
}

std::string Server::url(Way way, const std::string& database) const {
  switch (way) {
    case Way::tcp:
      return postgres_.url(database) + "?sslmode=disable";
    case Way::tls:
      return postgres_.url(database) + "?sslmode=require";
    case Way::socket:
      break;
  }
  return "postgresql://" + std::string{fixture::Postgres::superuser} + "@/" + database +
         "?host=" + postgres_.socket_folder().string() + "&port=" + std::to_string(postgres_.port());
}

}  // namespace slipway::bench
