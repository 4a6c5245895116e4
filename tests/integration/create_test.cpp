#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/project.h"

// create: the next revision's file.

namespace slipway::fixture {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Create, WritesTheNextRevisionAndPrintsItsPath) {
  Project project;
  project.write_two_revisions();
  const Finished created = project.run({"create", "Add invoices"});
  EXPECT_EQ(created.exit_code, 0) << created.err;
  EXPECT_EQ(created.out, "migrations/003_add_invoices.sql\n");
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
  EXPECT_THAT(project.heads(), ElementsAre("003"));
}

TEST(Create, GoesOnAsTheFolderDoesAndStartsOneThatIsNotThere) {
  Project project;
  EXPECT_EQ(project.run({"create", "Add users"}).out, "migrations/001_add_users.sql\n");
  EXPECT_EQ(project.run({"create", "Add users"}).out, "migrations/002_add_users.sql\n");
  project.write_file("dated/20260102030405_first.sql", "-- migrate:up\nSELECT 1;\n-- migrate:down\n");
  EXPECT_THAT(project.run({"create", "Second", "--migrations", "dated"}).out,
              testing::MatchesRegex("dated/20[0-9]{12}_second\\.sql\n"));
}

TEST(Create, RefusesWhatItCannotWriteOrName) {
  Project project;
  project.write_two_revisions();
  EXPECT_EQ(project.run({"create", ""}).exit_code, 64);
  EXPECT_EQ(project.run({"create", "two\nlines"}).exit_code, 64);
  EXPECT_EQ(project.run({"create", "x", "--migrations", "/proc/none"}).exit_code, 65);
  for (const auto& [id, parent] : {std::pair{"a", ""}, {"b", "a"}, {"c", "a"}})
    project.write_file("forked/" + std::string{id} + ".sql", "-- revision: " + std::string{id} + "\n-- revises: " +
                                                                 parent + "\n-- migrate:up\n-- migrate:down\n");
  const Finished heads = project.run({"create", "Which one", "--migrations", "forked"});
  EXPECT_EQ(heads.exit_code, 65) << heads.err;
  EXPECT_THAT(heads.err, HasSubstr("several heads: b, c"));
}

}  // namespace
}  // namespace slipway::fixture
