#include "status/metrics_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "fixture/temp_folder.h"

namespace slipway {
namespace {

using namespace std::chrono_literals;
using fixture::read_file;
using fixture::TempFolder;
using testing::HasSubstr;
using testing::Not;

RunFigures figures() {
  RunResult result{.database = "app", .before = {}, .after = Heads{RevisionId{"001b"}, RevisionId{"002"}}, .steps = {}};
  for (const char* id : {"001", "002"})
    result.steps.push_back(
        {.revision = RevisionId{id}, .message = {}, .direction = Direction::upgrade, .duration = 1ms});
  return {.database = "db:5432/app",
          .end = std::chrono::system_clock::time_point{1772352942s + 7ms},
          .duration = 1234ms,
          .exit_code = ExitCode::success,
          .result = result};
}

TEST(Metrics, AreThoseOfTheRun) {
  const std::string text = as_prometheus(figures());
  for (const char* line : {R"(slipway_last_run_timestamp_seconds{database="db:5432/app"} 1772352942.007)",
                           R"(slipway_last_run_success{database="db:5432/app"} 1)",
                           R"(slipway_last_run_exit_code{database="db:5432/app"} 0)",
                           R"(slipway_last_run_duration_seconds{database="db:5432/app"} 1.234)",
                           R"(slipway_last_run_revisions{database="db:5432/app",direction="upgrade"} 2)",
                           R"(slipway_last_run_revisions{database="db:5432/app",direction="downgrade"} 0)",
                           R"(slipway_head_info{database="db:5432/app",revision="001b"} 1)",
                           R"(slipway_head_info{database="db:5432/app",revision="002"} 1)"})
    EXPECT_THAT(text, HasSubstr("\n" + std::string{line} + "\n"));
}

TEST(Metrics, OfAFailureSaySo) {
  RunFigures failed = figures();
  failed.exit_code = ExitCode::migration_failed;
  const std::string text = as_prometheus(failed);
  EXPECT_THAT(text, HasSubstr(R"(slipway_last_run_success{database="db:5432/app"} 0)"));
  EXPECT_THAT(text, HasSubstr(R"(slipway_last_run_exit_code{database="db:5432/app"} 73)"));
  EXPECT_THAT(text, HasSubstr(R"(direction="upgrade"} 2)"));
}

TEST(Metrics, OfADatabaseThatWasNeverReadHaveNoHeads) {
  RunFigures away = figures();
  away.result = RunResult{};
  EXPECT_THAT(as_prometheus(away), Not(HasSubstr("slipway_head_info")));
  away.result.reset();
  EXPECT_THAT(as_prometheus(away), Not(HasSubstr("slipway_last_run_revisions")));
}

TEST(Metrics, LabelsAreEscaped) {
  RunFigures odd = figures();
  odd.database = "a\"b\\c\nd";
  EXPECT_THAT(as_prometheus(odd), HasSubstr(R"(success{database="a\"b\\c\nd"} 1)"));
}

TEST(MetricsFile, TakesThePlaceOfTheLastOneAndCanBeReadByOthers) {
  const TempFolder folder;
  const auto file = folder.write("slipway.prom", "old");
  write_metrics_file(file, figures());
  EXPECT_EQ(read_file(file), as_prometheus(figures()));
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0644U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator{folder.path()}, {}), 1);
}

TEST(MetricsFile, ThatCanNotBeWrittenIsNoErrorAndLeavesNothing) {
  const TempFolder folder;
  EXPECT_NO_THROW(write_metrics_file(folder.path() / "none/slipway.prom", figures()));
  std::filesystem::create_directory(folder.path() / "slipway.prom");
  EXPECT_NO_THROW(write_metrics_file(folder.path() / "slipway.prom", figures()));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator{folder.path()}, {}), 1);
}

}  // namespace
}  // namespace slipway
