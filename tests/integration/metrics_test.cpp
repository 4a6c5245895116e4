#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "integration/project.h"

// --metrics-file, read by Prometheus' own parser.

namespace slipway::fixture {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class Metrics : public testing::Test {
 protected:
  Metrics() {
    project.write_two_revisions();
    project.set("SLIPWAY_METRICS_FILE", file().string());
  }

  std::filesystem::path file() const { return project.folder() / "slipway.prom"; }

  // {"slipway_last_run_success": [{"database": …, "value": 1.0}], …}
  json samples() const {
    const Finished parsed = fixture::run("/usr/bin/python3", {"-c", R"(
import json, sys
from prometheus_client.parser import text_string_to_metric_families
samples = {}
for family in text_string_to_metric_families(open(sys.argv[1]).read()):
    assert family.type == 'gauge' and family.documentation, family
    for sample in family.samples:
        samples.setdefault(sample.name, []).append({**sample.labels, 'value': sample.value})
print(json.dumps(samples))
)",
                                                              file().string()});
    EXPECT_EQ(parsed.exit_code, 0) << parsed.err;
    return json::parse(parsed.out);
  }

  double value(const char* name) const { return samples().at(name).at(0).at("value"); }

  Project project;
};

TEST_F(Metrics, AreLeftByRunBeforeTheLaunch) {
  const Finished run = project.run({"run", "--", "/bin/cat", file().string()});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, read_file(file()));
  EXPECT_EQ(value("slipway_last_run_success"), 1);
  EXPECT_EQ(value("slipway_last_run_revisions"), 2);
  EXPECT_EQ(samples().at("slipway_head_info"),
            (json{{{"database", "127.0.0.1:" + std::to_string(project.database().server().port()) + "/" +
                                    project.database().name()},
                   {"revision", "002"},
                   {"value", 1.0}}}));
}

TEST_F(Metrics, AreLeftByUpgradeAndDowngrade) {
  EXPECT_EQ(project.run({"upgrade", "001"}).exit_code, 0);
  EXPECT_EQ(value("slipway_last_run_revisions"), 1);
  EXPECT_EQ(project.run({"downgrade", "base"}).exit_code, 0);
  EXPECT_FALSE(samples().contains("slipway_head_info"));
  EXPECT_EQ(samples().at("slipway_last_run_revisions").at(1).at("direction"), "downgrade");
  EXPECT_EQ(samples().at("slipway_last_run_revisions").at(1).at("value"), 1);
}

TEST_F(Metrics, OfAFailureHaveWhatWasDoneBeforeIt) {
  project.write("003_bad.sql", "SELECT 1/0;");
  EXPECT_EQ(project.run({"run", "--", "/bin/true"}).exit_code, 73);
  EXPECT_EQ(value("slipway_last_run_success"), 0);
  EXPECT_EQ(value("slipway_last_run_exit_code"), 73);
  EXPECT_EQ(value("slipway_last_run_revisions"), 2);
  EXPECT_EQ(samples().at("slipway_head_info").at(0).at("revision"), "002");
}

TEST_F(Metrics, OfADatabaseThatIsAwaySaySo) {
  project.set("DATABASE_URL", "postgresql://app:secret-word@127.0.0.1:1/none");
  EXPECT_EQ(project.run({"upgrade", "--wait-timeout", "0"}).exit_code, 69);
  EXPECT_EQ(value("slipway_last_run_exit_code"), 69);
  EXPECT_THAT(read_file(file()), Not(HasSubstr("secret-word")));
}

TEST_F(Metrics, OfAnotherMigratorHaveNoHeads) {
  EXPECT_EQ(project.run({"run", "--migrate-with", "exit 3", "--", "/bin/true"}).exit_code, 73);
  EXPECT_EQ(value("slipway_last_run_exit_code"), 73);
  EXPECT_FALSE(samples().contains("slipway_head_info"));
}

TEST_F(Metrics, AreNotChangedByCommandsThatOnlyLook) {
  EXPECT_EQ(project.run({"upgrade"}).exit_code, 0);
  const std::string before = read_file(file());
  for (const char* command : {"current", "check", "history", "health"})
    project.run({command});
  project.run({"upgrade", "--dry-run"});
  EXPECT_EQ(read_file(file()), before);
}

TEST_F(Metrics, ThatCanNotBeWrittenKeepNoApplicationFromStarting) {
  project.set("SLIPWAY_METRICS_FILE", "/no/such/folder/slipway.prom");
  const Finished run = project.run({"run", "--", "/bin/echo", "started"});
  EXPECT_EQ(run.out, "started\n");
  EXPECT_THAT(run.err, HasSubstr("the metrics can't be written to /no/such/folder/slipway.prom: No such file"));
}

}  // namespace
}  // namespace slipway::fixture
