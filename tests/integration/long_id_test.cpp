#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "integration/project.h"

// Revision ids longer than the 32 characters that Alembic's version table holds unless somebody has widened it.

namespace slipway::fixture {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Command = std::vector<std::string>;

const std::string first = "20240718_expand_decoded_audio_segments";
const std::string second = "20240801_add_a_language_to_audio_segments";

class LongIds : public testing::Test {
 protected:
  LongIds() {
    write("000", "");
    write(first, "000");
    write(second, first);
  }

  void write(const std::string& id, const std::string& revises) {
    project.write_file("migrations/" + id + ".sql", "-- revision: " + id + "\n-- revises: " + revises +
                                                        "\n-- migrate:up\nCREATE TABLE \"t_" + id +
                                                        "\" ();\n-- migrate:down\nDROP TABLE \"t_" + id + "\";\n");
  }
  void make_table(const std::string& type) {
    execute("CREATE TABLE alembic_version (version_num " + type + " PRIMARY KEY)");
  }
  void execute(const std::string& sql) { project.database().execute(sql); }
  std::vector<std::string> tables() {
    return project.database().rows("SELECT relname FROM pg_class WHERE relname ~ '^t_' AND relkind = 'r' ORDER BY 1");
  }
  void expect_refused(const Command& command, const std::string& id) {
    const Finished refused = project.run(command);
    EXPECT_EQ(refused.exit_code, 65) << command.front() << refused.err;
    EXPECT_THAT(refused.err,
                HasSubstr("migrations/" + id + ".sql:1: the revision id '" + id + "' is " + std::to_string(id.size()) +
                          " characters long, and the version table public.alembic_version holds 32"));
    EXPECT_THAT(refused.err,
                HasSubstr("ALTER TABLE public.alembic_version ALTER COLUMN version_num TYPE varchar(255)"));
  }

  Project project;
};

TEST_F(LongIds, AColumnThatHoldsThemIsTakenAsItIs) {
  for (const std::string type : {"varchar(255)", "varchar(41)", "varchar", "text", "char(64)"}) {
    make_table(type);
    execute("INSERT INTO alembic_version VALUES ('" + first + "')");
    const Finished upgrade = project.run({"upgrade"});
    EXPECT_EQ(upgrade.exit_code, 0) << type << upgrade.err;
    EXPECT_EQ(project.run({"current"}).out, second + " (head)\n") << type;
    EXPECT_EQ(project.run({"downgrade"}).exit_code, 0) << type;
    EXPECT_EQ(project.run({"current"}).out, first + "\n") << type;
    execute("DROP TABLE alembic_version, slipway_journal");
  }
}

TEST_F(LongIds, AVersionTableThatIsMadeHoldsThem) {
  const std::string width =
      "SELECT atttypmod - 4 FROM pg_attribute WHERE attrelid = 'alembic_version'::regclass AND "
      "attname = 'version_num'";
  for (const Command& command : std::vector<Command>{{"upgrade"}, {"ensure-version"}, {"stamp", "heads"}}) {
    ASSERT_EQ(project.run(command).exit_code, 0);
    EXPECT_EQ(project.database().value(width), "255");
    execute("DROP TABLE alembic_version, slipway_journal");
  }
  execute(R"(DROP TABLE "t_000", "t_)" + first + R"(", "t_)" + second + '"');
  project.remove("migrations/" + first + ".sql");
  project.remove("migrations/" + second + ".sql");
  ASSERT_EQ(project.run({"upgrade"}).exit_code, 0);
  EXPECT_EQ(project.database().value(width), "32") << "as Alembic makes it";
}

TEST_F(LongIds, WhatAColumnCannotHoldIsRefusedBeforeAnythingRuns) {
  make_table("varchar(32)");
  for (const Command& command : std::vector<Command>{{"upgrade"},
                                                     {"upgrade", "--dry-run"},
                                                     {"run", "--", "/bin/true"},
                                                     {"stamp", first},
                                                     {"stamp", "--purge", first}})
    expect_refused(command, first);
  EXPECT_THAT(tables(), IsEmpty());
  EXPECT_EQ(project.run({"upgrade", "000"}).exit_code, 0) << "which has room";
  expect_refused({"upgrade"}, first);
  EXPECT_THAT(tables(), ElementsAre("t_000"));
}

TEST_F(LongIds, CheckNamesThem) {
  make_table("varchar(32)");
  const Finished check = project.run({"check", "--allow-pending", "--format", "json"});
  EXPECT_EQ(check.exit_code, 1);
  const auto findings = nlohmann::json::parse(check.out).at("findings");
  ASSERT_EQ(findings.size(), 2U) << findings;
  EXPECT_EQ(findings.at(0).at("kind"), "id_too_long");
  EXPECT_EQ(findings.at(1).at("revisions").at(0), second);
  execute("ALTER TABLE alembic_version ALTER COLUMN version_num TYPE varchar(255)");
  EXPECT_EQ(project.run({"check", "--allow-pending"}).exit_code, 0);
}

// The row of the parent comes back.
TEST_F(LongIds, ADowngradeToOneIsRefusedLikewise) {
  write("last", second);
  make_table("varchar(32)");
  ASSERT_EQ(project.run({"stamp", "last"}).exit_code, 0);
  execute("CREATE TABLE t_last ()");
  expect_refused({"downgrade"}, second);
  EXPECT_THAT(tables(), ElementsAre("t_last"));
}

TEST_F(LongIds, EachOfSeveralHeadsNeedsRoom) {
  make_table("varchar(40)");
  write("other", "000");
  write("merge", second + ", other");
  const Finished refused = project.run({"upgrade"});
  EXPECT_EQ(refused.exit_code, 65) << "the second is a row before it is merged";
  EXPECT_THAT(refused.err, HasSubstr("is 41 characters long, and the version table public.alembic_version holds 40"));
  EXPECT_THAT(tables(), IsEmpty());
  EXPECT_EQ(project.run({"upgrade", first, "other"}).exit_code, 0);
  EXPECT_THAT(project.heads(), ElementsAre(first, "other"));
}

TEST_F(LongIds, AScriptForPsqlNeedsRoomToo) {
  for (const std::string type : {"varchar(32)", "varchar(41)"}) {
    make_table(type);
    const auto file = project.folder() / "script.sql";
    project.write_file("script.sql", project.run({"upgrade", "--sql"}).out);
    const Finished psql =
        fixture::run("/usr/bin/psql", {"-X", "-q", "-d", project.database().url(), "-f", file.string()});
    if (type == "varchar(32)") {
      EXPECT_EQ(psql.exit_code, 3);
      EXPECT_THAT(psql.err, HasSubstr("the version table has no room for an id of 41 characters"));
      EXPECT_THAT(tables(), IsEmpty());
    } else {
      EXPECT_EQ(psql.exit_code, 0) << psql.err;
      EXPECT_THAT(project.heads(), ElementsAre(second));
    }
    execute("DROP TABLE alembic_version");
  }
}

}  // namespace
}  // namespace slipway::fixture
