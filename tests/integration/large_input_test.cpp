#include <algorithm>
#include <fstream>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/project.h"

// Scripts and folders of a size that nobody has in mind.

namespace slipway::fixture {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

// Statements of a line each, behind one that makes their table.
std::string many_inserts(std::size_t bytes) {
  std::string sql = "CREATE TABLE many (id int, name text);\n";
  sql.reserve(bytes + 100);
  for (int i = 1; sql.size() < bytes; ++i)
    sql += "INSERT INTO many VALUES (" + std::to_string(i) +
           ", 'größer; and, with a line that is not short, ' || 'larger');\n";
  return sql;
}

std::size_t most_memory(Program& program) {
  std::size_t most = 0;
  while (program.is_running()) {
    const std::string status = read_file("/proc/" + std::to_string(program.pid()) + "/status");
    if (const auto at = status.find("VmHWM:"); at != std::string::npos)
      most = std::max(most, std::stoul(status.substr(at + 6)) * 1024);
    std::this_thread::sleep_for(5ms);
  }
  return most;
}

TEST(LargeScript, TakesAtMostTwiceItsSizeInMemory) {
  if (SLIPWAY_INSTRUMENTED) GTEST_SKIP() << "an instrumented program keeps memory of its own";
  Project project;
  const std::string sql = many_inserts(std::size_t{32} << 20U);
  project.write("001_large.sql", sql);
  const auto upgrade = project.start({"upgrade"});
  EXPECT_LE(most_memory(*upgrade), 2 * sql.size());
  EXPECT_EQ(upgrade->wait(120s).exit_code, 0) << upgrade->err();
  EXPECT_EQ(project.database().value("SELECT count(*) = max(id) FROM many"), "t");
  EXPECT_EQ(project.database().value("SELECT statements = (SELECT count(*) + 1 FROM many) FROM slipway_journal"), "t");
}

TEST(LargeScript, IsStillOneTransactionAndItsErrorsHaveTheirLine) {
  Project project;
  std::string sql = many_inserts(std::size_t{1} << 20U);
  const auto lines = std::ranges::count(sql, '\n');
  project.write("001_large.sql", sql + "INSERT INTO many VALUES ('none');\n");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 73);
  EXPECT_THAT(upgrade.err, HasSubstr("migrations/001_large.sql:" + std::to_string(lines + 2) + ":"));
  EXPECT_THAT(upgrade.err, HasSubstr("  INSERT INTO many VALUES ('none');\n"));
  EXPECT_EQ(project.database().value("SELECT to_regclass('many') IS NULL AND to_regclass('alembic_version') IS NULL"),
            "t");

  project.write("001_large.sql", sql + "SELECT 1 / 0;\n" + sql);
  const Finished without_place = project.run({"upgrade"});
  EXPECT_EQ(without_place.exit_code, 73);
  EXPECT_THAT(without_place.err, HasSubstr("migrations/001_large.sql:" + std::to_string(lines + 2) + ":"));
}

TEST(LargeScript, ReplicasRunItOnce) {
  Project project;
  project.write("001_large.sql", many_inserts(std::size_t{2} << 20U));
  std::vector<std::unique_ptr<Program>> replicas;
  replicas.reserve(5);
  for (int i = 0; i < 5; ++i)
    replicas.push_back(project.start({"run", "--", "/bin/true"}));
  for (const auto& replica : replicas)
    EXPECT_EQ(replica->wait().exit_code, 0) << replica->err();
  EXPECT_EQ(project.database().value("SELECT count(*) = max(id) FROM many"), "t");
}

TEST(LargeFolder, OfTenThousandFilesIsReadAndMostOfItApplied) {
  Project project;
  for (int i = 1; i <= 10'000; ++i) {
    const std::string id = std::to_string(100'000 + i);
    project.write(id + "_step.sql", "SELECT " + id + ";");
  }
  project.database().execute("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)");
  project.database().execute("INSERT INTO alembic_version VALUES ('109990')");
  const Finished upgrade = project.run({"upgrade"});
  EXPECT_EQ(upgrade.exit_code, 0) << upgrade.err;
  EXPECT_THAT(project.heads(), ElementsAre("110000"));
  EXPECT_EQ(project.database().value("SELECT count(*) FROM slipway_journal"), "10000");
}

}  // namespace
}  // namespace slipway::fixture
