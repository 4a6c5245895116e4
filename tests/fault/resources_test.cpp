#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include "integration/project.h"

// The server lacks something in the middle of a run: room on its disk, connections, places for locks, or the rights of
// the role. The invariant: one error that says so, nothing done by halves, and once it is mended the next run reaches
// the head with the effect of every revision exactly once.

namespace slipway::fixture {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> audit(const Project& project) {
  return project.database().rows("SELECT revision FROM audit ORDER BY 1");
}

// A small disk, in a mount namespace that this process and the servers it starts have to themselves, so that it is gone
// when they are.
class SmallDisk {
 public:
  SmallDisk() {
    is_there_ = ::unshare(CLONE_NEWNS) == 0 && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                ::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, "size=12m,mode=777") == 0;
  }
  ~SmallDisk() {
    if (is_there_) ::umount2(folder_.path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool is_there() const noexcept { return is_there_; }
  std::filesystem::path path() const { return folder_.path() / "tablespace"; }

  // A folder that is the server's, as a tablespace's has to be.
  void prepare(const Postgres& server) const {
    std::filesystem::create_directory(path());
    EXPECT_EQ(run("/bin/sh", {"-c", "chown --reference='" + server.data().string() + "' '" + path().string() +
                                        "' && chmod 700 '" + path().string() + "'"})
                  .exit_code,
              0);
  }

  // By a file of somebody else's.
  void fill() const {
    const int file = ::open((folder_.path() / "filler").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    const std::string block(64UL * 1024, 'x');
    while (::write(file, block.data(), block.size()) > 0) {
    }
    ::close(file);
  }
  void make_room() const {
    std::filesystem::remove(folder_.path() / "filler");
    EXPECT_EQ(::mount("tmpfs", folder_.path().c_str(), "tmpfs", MS_REMOUNT, "size=100m,mode=777"), 0);
  }

 private:
  TempFolder folder_;
  bool is_there_ = false;
};

class FullDisk : public testing::Test {
 protected:
  void SetUp() override {
    if (!disk_.is_there()) GTEST_SKIP() << "can't mount a small disk here";
    server_.emplace();
    disk_.prepare(*server_);
    project_.emplace(*server_);
    project_->database().execute("CREATE TABLESPACE small LOCATION '" + disk_.path().string() + "'");
    project_->write("001_first.sql", "CREATE TABLE audit (revision text);\nINSERT INTO audit VALUES ('001');");
    project_->write("003_last.sql", "INSERT INTO audit VALUES ('003');");
  }

  static std::string too_much() {
    return "INSERT INTO big SELECT repeat(md5(n::text), 60) FROM generate_series(1, 10000) n;\n";
  }

  SmallDisk disk_;
  std::optional<Postgres> server_;
  std::optional<Project> project_;
};

TEST_F(FullDisk, ARevisionThatFindsNoRoomIsRolledBack) {
  project_->write("002_big.sql",
                  "INSERT INTO audit VALUES ('002');\nCREATE TABLE big (data text) TABLESPACE small;\n" + too_much());
  const Finished full = project_->run({"upgrade"});
  EXPECT_EQ(full.exit_code, 73) << full.err;
  EXPECT_THAT(full.err, HasSubstr("002_big.sql:4"));
  EXPECT_THAT(full.err, HasSubstr("No space left on device"));
  EXPECT_THAT(full.err, HasSubstr("free disk space on the server"));
  EXPECT_THAT(project_->heads(), ElementsAre("001"));
  EXPECT_THAT(audit(*project_), ElementsAre("001"));
  disk_.make_room();
  const Finished mended = project_->run({"upgrade"});
  EXPECT_EQ(mended.exit_code, 0) << mended.err;
  EXPECT_THAT(audit(*project_), ElementsAre("001", "002", "003"));
}

TEST_F(FullDisk, AScriptWithoutATransactionGoesOnWithTheStatementThatFoundNoRoom) {
  project_->write("002_big.sql",
                  "INSERT INTO audit VALUES ('002');\nCREATE TABLE big (data text) TABLESPACE small;\n" + too_much() +
                      "INSERT INTO audit VALUES ('002 too');",
                  "SELECT 1;", "transaction:false");
  const Finished full = project_->run({"upgrade"});
  EXPECT_EQ(full.exit_code, 73) << full.err;
  EXPECT_THAT(full.err, HasSubstr("2 of its 4 statements are done"));
  EXPECT_THAT(full.err, HasSubstr("free disk space on the server"));
  EXPECT_THAT(project_->heads(), ElementsAre("001"));
  disk_.make_room();
  const Finished mended = project_->run({"upgrade"});
  EXPECT_EQ(mended.exit_code, 0) << mended.err;
  EXPECT_THAT(audit(*project_), ElementsAre("001", "002", "002 too", "003"));
}

// Even the version table finds no room.
TEST_F(FullDisk, ALedgerThatFindsNoRoomIsTheServersTrouble) {
  project_->write("002_more.sql", "INSERT INTO audit VALUES ('002');");
  project_->database().execute("CREATE SCHEMA ledger");
  project_->database().execute("ALTER ROLE postgres SET default_tablespace = small");
  project_->write("001_first.sql",
                  "CREATE TABLE audit (revision text) TABLESPACE pg_default;\nINSERT INTO audit VALUES ('001');");
  disk_.fill();
  const Finished full = project_->run({"upgrade"});
  EXPECT_EQ(full.exit_code, 69) << full.err;
  EXPECT_THAT(full.err, HasSubstr("No space left on device"));
  EXPECT_THAT(full.err, HasSubstr("free disk space on the server"));
  EXPECT_EQ(project_->database().value("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), "0");
  disk_.make_room();
  const Finished mended = project_->run({"upgrade"});
  EXPECT_EQ(mended.exit_code, 0) << mended.err;
  EXPECT_THAT(audit(*project_), ElementsAre("001", "002", "003"));
}

// A role of its own, as an application's migrations have it, and a gate in front of the second of its revisions.
class Migrator : public testing::Test {
 protected:
  Migrator() {
    const std::string& database = project_.database().name();
    project_.database().execute("CREATE ROLE migrator LOGIN PASSWORD 'secret'; GRANT ALL ON DATABASE " + database +
                                " TO migrator; GRANT ALL ON SCHEMA public TO migrator; CREATE TABLE gate ()");
    project_.database().execute("GRANT SELECT ON gate TO migrator");
    project_.set("DATABASE_URL", server_.url(database, "migrator", "secret"));
    project_.write("001_first.sql", "CREATE TABLE audit (revision text);\nINSERT INTO audit VALUES ('001');");
    project_.write("002_more.sql", "INSERT INTO audit VALUES ('002');\nSELECT FROM gate;");
    project_.write("003_table.sql", "INSERT INTO audit VALUES ('003');\nCREATE TABLE three ();");
    project_.write("004_last.sql", "INSERT INTO audit VALUES ('004');");
  }

  void as_superuser(const std::string& sql) const { project_.database().execute(sql); }

  // Does something while the second revision is at work.
  void while_002_runs(Program& upgrade, const std::vector<std::string>& statements) {
    while (project_.database().value(
               "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'gate'::regclass") == "0")
      ASSERT_TRUE(upgrade.is_running()) << upgrade.err();
    for (const std::string& statement : statements)
      as_superuser(statement);
  }

  class ClosedGate {
   public:
    explicit ClosedGate(const Database& database) : connection_{database.connect()}, work_{*connection_} {
      work_.exec("LOCK TABLE gate");
    }

   private:
    std::unique_ptr<pqxx::connection> connection_;
    pqxx::work work_;
  };

  void expect_head_once_mended(const std::string& by) {
    as_superuser(by);
    const Finished mended = project_.run({"upgrade"});
    EXPECT_EQ(mended.exit_code, 0) << mended.err;
    expect_head();
  }

  void expect_head() const {
    EXPECT_THAT(project_.heads(), ElementsAre("004"));
    EXPECT_THAT(audit(project_), ElementsAre("001", "002", "003", "004"));
  }

  Postgres server_;
  Project project_{server_};
};

constexpr const char* end_its_session =
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'slipway' AND usename = "
    "'migrator'";

TEST_F(Migrator, ThatMayCreateNoMoreStopsBetweenTwoRevisions) {
  std::optional<ClosedGate> gate{project_.database()};
  const auto upgrade = project_.start({"upgrade"});
  while_002_runs(*upgrade,
                 {"REVOKE ALL ON SCHEMA public FROM migrator, public", "GRANT USAGE ON SCHEMA public TO migrator"});
  gate.reset();
  const Finished finished = upgrade->wait();
  EXPECT_EQ(finished.exit_code, 73) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("003_table.sql:3"));
  EXPECT_THAT(finished.err, HasSubstr("permission denied for schema public"));
  EXPECT_THAT(finished.err, HasSubstr("grant the privilege to the role"));
  EXPECT_THAT(project_.heads(), ElementsAre("002"));
  EXPECT_THAT(audit(project_), ElementsAre("001", "002"));
  expect_head_once_mended("GRANT ALL ON SCHEMA public TO migrator");
}

TEST_F(Migrator, ThatMayWriteTheLedgerNoMoreLeavesNothingUnrecorded) {
  std::optional<ClosedGate> gate{project_.database()};
  const auto upgrade = project_.start({"upgrade"});
  while_002_runs(*upgrade, {});
  // The tables are the role's own; even so their rights can be taken from it.
  as_superuser("REVOKE INSERT ON slipway_journal FROM migrator");
  gate.reset();
  const Finished finished = upgrade->wait();
  EXPECT_EQ(finished.exit_code, 77) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("can't write the ledger: permission denied for table slipway_journal"));
  EXPECT_THAT(project_.heads(), ElementsAre("001"));
  EXPECT_THAT(audit(project_), ElementsAre("001"));
  expect_head_once_mended("GRANT INSERT ON slipway_journal TO migrator");
}

TEST_F(Migrator, ThatMayNoLongerBecomeTheRoleOfTheTablesStops) {
  as_superuser(
      "CREATE ROLE owner_of_all; GRANT ALL ON SCHEMA public TO owner_of_all; GRANT SELECT ON gate TO "
      "owner_of_all; GRANT owner_of_all TO migrator");
  project_.set("SLIPWAY_ROLE", "owner_of_all");
  std::optional<ClosedGate> gate{project_.database()};
  const auto upgrade = project_.start({"upgrade"});
  while_002_runs(*upgrade, {"REVOKE owner_of_all FROM migrator"});
  gate.reset();
  const Finished finished = upgrade->wait();
  EXPECT_EQ(finished.exit_code, 77) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("migrator is not allowed to SET ROLE owner_of_all"));
  EXPECT_THAT(audit(project_), ElementsAre("001"));
  expect_head_once_mended("GRANT owner_of_all TO migrator");
}

TEST_F(Migrator, ThatMayLogInNoMoreIsRefusedAfterTheGrace) {
  std::optional<ClosedGate> gate{project_.database()};
  const auto upgrade = project_.start({"upgrade", "--wait-grace", "200ms"});
  while_002_runs(*upgrade, {"ALTER ROLE migrator NOLOGIN", end_its_session});
  const Finished finished = upgrade->wait();
  EXPECT_EQ(finished.exit_code, 77) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("is not permitted to log in"));
  gate.reset();
  EXPECT_THAT(audit(project_), ElementsAre("001"));
  expect_head_once_mended("ALTER ROLE migrator LOGIN");
}

// Connections

TEST_F(Migrator, WaitsForAConnectionAtTheStart) {
  as_superuser("ALTER ROLE migrator CONNECTION LIMIT 0");
  const Finished finished = project_.run({"upgrade", "--wait-timeout", "0"});
  EXPECT_EQ(finished.exit_code, 69) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("too many connections for role"));
  const auto run = project_.start({"run", "--", "/bin/echo", "started"});
  ASSERT_TRUE(run->wait_for_err("waiting for PostgreSQL")) << run->err();
  as_superuser("ALTER ROLE migrator CONNECTION LIMIT -1");
  EXPECT_EQ(run->wait().out, "started\n");
  expect_head();
}

TEST_F(Migrator, WaitsForAConnectionWhenItsOwnWasLost) {
  std::optional<ClosedGate> gate{project_.database()};
  const auto upgrade = project_.start({"upgrade", "--wait-timeout", "60s"});
  while_002_runs(*upgrade, {"ALTER ROLE migrator CONNECTION LIMIT 0", end_its_session});
  ASSERT_TRUE(upgrade->wait_for_err("too many connections for role")) << upgrade->err();
  gate.reset();
  as_superuser("ALTER ROLE migrator CONNECTION LIMIT -1");
  const Finished finished = upgrade->wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  expect_head();
}

// The second one, which would look who is in the way, is done without.
TEST_F(Migrator, NeedsOneConnectionOnly) {
  as_superuser("ALTER ROLE migrator CONNECTION LIMIT 1");
  std::optional<ClosedGate> gate{project_.database()};
  const auto upgrade = project_.start({"upgrade", "--lock-timeout", "2s"});
  ASSERT_TRUE(upgrade->wait_for_err("trying again")) << upgrade->err();
  gate.reset();
  const Finished finished = upgrade->wait();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_THAT(finished.err, Not(HasSubstr("blocked by")));
  expect_head();
}

// The table of locks

class FewLocks : public testing::Test {
 protected:
  FewLocks() {
    set_locks(10);
    project_.write("001_first.sql", "CREATE TABLE audit (revision text);\nINSERT INTO audit VALUES ('001');");
    project_.write("003_last.sql", "INSERT INTO audit VALUES ('003');");
  }

  void set_locks(int number) {
    project_.database().execute("ALTER SYSTEM SET max_locks_per_transaction = " + std::to_string(number));
    server_.stop();
    server_.start();
  }

  Postgres server_{{.settings = {"max_connections=20", "max_wal_senders=0"}}};
  Project project_{server_};
};

TEST_F(FewLocks, ARevisionThatTakesTooManyIsRolledBack) {
  project_.write("002_many.sql",
                 "INSERT INTO audit VALUES ('002');\nDO $$ BEGIN FOR n IN 1..5000 LOOP\n"
                 "EXECUTE 'CREATE TABLE many_' || n || ' ()'; END LOOP; END $$;");
  const Finished finished = project_.run({"upgrade"});
  EXPECT_EQ(finished.exit_code, 73) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("out of shared memory"));
  EXPECT_THAT(finished.err, HasSubstr("max_locks_per_transaction"));
  EXPECT_THAT(project_.heads(), ElementsAre("001"));
  EXPECT_THAT(audit(project_), ElementsAre("001"));
  set_locks(1000);
  const Finished mended = project_.run({"upgrade"});
  EXPECT_EQ(mended.exit_code, 0) << mended.err;
  EXPECT_THAT(audit(project_), ElementsAre("001", "002", "003"));
}

TEST_F(FewLocks, ThatSomebodyElseTookLeaveNoneForOurs) {
  project_.write("002_more.sql", "INSERT INTO audit VALUES ('002');");
  const auto greedy = project_.database().connect();
  // What a session took before the error, it keeps.
  EXPECT_THROW(pqxx::nontransaction{*greedy}.exec("SELECT pg_advisory_lock(n) FROM generate_series(1, 100000) n"),
               pqxx::sql_error);
  const Finished finished = project_.run({"upgrade", "--wait-timeout", "0"});
  EXPECT_EQ(finished.exit_code, 69) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("out of shared memory"));
  pqxx::nontransaction{*greedy}.exec("SELECT pg_advisory_unlock_all()");
  EXPECT_EQ(project_.database().value("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), "0");
  const Finished mended = project_.run({"upgrade"});
  EXPECT_EQ(mended.exit_code, 0) << mended.err;
  EXPECT_THAT(audit(project_), ElementsAre("001", "002", "003"));
}

}  // namespace
}  // namespace slipway::fixture
