#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "integration/project.h"

// Through a real PgBouncer in transaction mode, where each transaction may meet another server process.

namespace slipway::fixture {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// PgBouncer refuses to run as root.
std::vector<std::string> as_another_user(const std::vector<std::string>& command) {
  std::vector<std::string> full{"--pdeathsig", "TERM"};
  if (::geteuid() == 0) full.insert(full.end(), {"--reuid=postgres", "--regid=postgres", "--init-groups"});
  full.insert(full.end(), command.begin(), command.end());
  return full;
}

class Pooled : public testing::Test {
 protected:
  Pooled() {
    const Postgres& server = project.database().server();
    folder.write("users", R"("postgres" ")" + std::string{Postgres::password} + "\"\n");
    const auto configuration = folder.write(
        "pgbouncer.ini",
        "[databases]\n* = host=127.0.0.1 port=" + std::to_string(server.port()) +
            "\n[pgbouncer]\nlisten_addr =\nlisten_port = 6432\nunix_socket_dir = " + folder.path().string() +
            "\nauth_type = plain\nauth_file = " + (folder.path() / "users").string() +
            "\npool_mode = transaction\ndefault_pool_size = 5\nlogfile =\npidfile =\n");
    std::filesystem::permissions(folder.path(), std::filesystem::perms{0777});
    pooler =
        std::make_unique<Program>("/usr/bin/setpriv", as_another_user({"/usr/sbin/pgbouncer", configuration.string()}));
    project.set("DATABASE_URL", "postgresql:///" + project.database().name() + "?host=" + folder.path().string() +
                                    "&port=6432&user=postgres&password=" + std::string{Postgres::password});
  }

  Project project;
  TempFolder folder;
  std::unique_ptr<Program> pooler;
};

TEST_F(Pooled, ScriptsWithATransactionAreRight) {
  project.write_two_revisions();
  const Finished upgrade = project.run({"upgrade", "--wait-timeout", "20s"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err << pooler->err();
  EXPECT_THAT(project.heads(), ElementsAre("002"));
  EXPECT_EQ(project.run({"downgrade"}).exit_code, 0);
}

TEST_F(Pooled, ReplicasApplyEachRevisionOnce) {
  project.write_two_revisions();
  std::vector<std::unique_ptr<Program>> replicas;
  replicas.reserve(8);
  for (int i = 0; i < 8; ++i)
    replicas.push_back(project.start({"run", "--", "/bin/true"}));
  for (const auto& replica : replicas)
    EXPECT_EQ(replica->wait().exit_code, 0) << replica->err();
  EXPECT_THAT(project.database().rows("SELECT revision FROM audit ORDER BY 1"), ElementsAre("001", "002"));
}

TEST_F(Pooled, AScriptWithoutATransactionIsRefusedWithTheReason) {
  project.write("001_vacuum.sql", "VACUUM;", "SELECT 1;", "transaction:false");
  const Finished upgrade = project.run({"upgrade", "--wait-timeout", "20s"});
  EXPECT_EQ(upgrade.exit_code, 78);
  EXPECT_THAT(upgrade.err, HasSubstr("connection pooler"));
  EXPECT_THAT(upgrade.err, HasSubstr("MIGRATION_DATABASE_URL"));
  EXPECT_EQ(project.database().value("SELECT to_regclass('alembic_version') IS NULL"), "t");
}

}  // namespace
}  // namespace slipway::fixture
