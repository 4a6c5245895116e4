#include "integration/pooler.h"

#include <filesystem>
#include <vector>

#include <unistd.h>

namespace slipway::fixture {
namespace {

// PgBouncer refuses to run as root.
std::vector<std::string> as_another_user(const std::vector<std::string>& command) {
  std::vector<std::string> full{"--pdeathsig", "TERM"};
  if (::geteuid() == 0) full.insert(full.end(), {"--reuid=postgres", "--regid=postgres", "--init-groups"});
  full.insert(full.end(), command.begin(), command.end());
  return full;
}

}  // namespace

Pooler::Pooler(const Postgres& server, const std::string& mode, const std::string& settings) {
  folder_.write("users", R"("postgres" ")" + std::string{Postgres::password} + "\"\n");
  const auto configuration = folder_.write(
      "pgbouncer.ini",
      "[databases]\n* = host=127.0.0.1 port=" + std::to_string(server.port()) +
          "\n[pgbouncer]\nlisten_addr =\nlisten_port = 6432\nunix_socket_dir = " + folder_.path().string() +
          "\nauth_type = plain\nauth_file = " + (folder_.path() / "users").string() + "\npool_mode = " + mode +
          "\ndefault_pool_size = 5\nlogfile =\npidfile =\n" + settings + "\n");
  std::filesystem::permissions(folder_.path(), std::filesystem::perms{0777});
  program_ =
      std::make_unique<Program>("/usr/bin/setpriv", as_another_user({"/usr/sbin/pgbouncer", configuration.string()}));
}

std::string Pooler::url(const std::string& database) const {
  return "postgresql:///" + database + "?host=" + folder_.path().string() +
         "&port=6432&user=postgres&password=" + std::string{Postgres::password};
}

}  // namespace slipway::fixture
