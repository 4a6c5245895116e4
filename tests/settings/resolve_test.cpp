#include "settings/resolve.h"

#include <algorithm>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "fixture/temp_folder.h"
#include "settings/effective.h"
#include "settings/options.h"

namespace slipway {
namespace {

using namespace std::chrono_literals;
using fixture::TempFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

EffectiveSetting row(const ResolvedSettings& resolved, std::string_view key) {
  return *std::ranges::find(resolved.effective, key, &EffectiveSetting::key);
}

TEST(Resolve, WithNothingGivenTheDefaultsCount) {
  const TempFolder folder;
  const auto resolved = resolve({}, Environment{}, folder.path());
  const Settings& settings = resolved.settings;
  EXPECT_EQ(settings.database.url, std::nullopt);
  EXPECT_EQ(settings.database.role, std::nullopt);
  EXPECT_THAT(settings.migrations, ElementsAre(folder.path() / "migrations"));
  EXPECT_EQ(settings.database.version_table, "alembic_version");
  EXPECT_EQ(settings.database.version_schema, std::nullopt);
  EXPECT_EQ(settings.wait.timeout, std::nullopt);
  EXPECT_EQ(settings.wait.grace, 5s);
  EXPECT_EQ(settings.wait.connect_timeout, 10s);
  EXPECT_EQ(settings.run.lock_timeout, 3s);
  EXPECT_EQ(settings.run.lock_wait, 5min);
  EXPECT_EQ(settings.run.statement_timeout, 0ms);
  EXPECT_EQ(settings.run.checksums, ChecksumPolicy::error);
  EXPECT_EQ(settings.run.out_of_order, OutOfOrderPolicy::refuse);
  EXPECT_EQ(settings.run.ahead, AheadPolicy::refuse);
  EXPECT_EQ(settings.migrate_with, std::nullopt);
  EXPECT_EQ(settings.output.log_level, log::Level::info);
  EXPECT_EQ(settings.output.log_format, log::Format::text);
  EXPECT_EQ(settings.output.color, log::Color::automatic);
  EXPECT_EQ(settings.output.format, ResultFormat::text);
  EXPECT_EQ(settings.orchestrator.prepare_listen, std::nullopt);
  EXPECT_EQ(settings.orchestrator.termination_log, std::nullopt);
  EXPECT_EQ(settings.orchestrator.metrics_file, std::nullopt);
  for (const EffectiveSetting& setting : resolved.effective)
    EXPECT_EQ(setting.source, "default") << setting.key;
  EXPECT_EQ(row(resolved, "lock-wait").value, "5min");
  EXPECT_EQ(row(resolved, "database-url").value, "");
}

// Each setting by each of its ways, and which of the ways counts.
struct Ways {
  const char* key;
  const char* in_file;  // as slipway.toml has it
  const char* in_environment;
  const char* as_flag;
  const char* shown_of_file;
  const char* shown_of_environment;
  const char* shown_of_flag;
};

class Precedence : public testing::TestWithParam<Ways> {};

TEST_P(Precedence, IsFlagThenEnvironmentThenFile) {
  const Ways& ways = GetParam();
  const TempFolder folder;
  folder.write("slipway.toml", std::string{"# settings\n\n"} + ways.key + " = " + ways.in_file + "\n");
  const std::string variable{option(ways.key).variable};
  const Environment environment{{"HOME=/root", variable + "=" + ways.in_environment}};
  const Flags flags{{ways.key, ways.as_flag}};

  const auto of_file = row(resolve({}, Environment{}, folder.path()), ways.key);
  EXPECT_EQ(of_file.value, ways.shown_of_file);
  EXPECT_EQ(of_file.source, "slipway.toml:3");
  const auto of_environment = row(resolve({}, environment, folder.path()), ways.key);
  EXPECT_EQ(of_environment.value, ways.shown_of_environment);
  EXPECT_EQ(of_environment.source, "environment " + variable);
  const auto of_flag = row(resolve(flags, environment, folder.path()), ways.key);
  EXPECT_EQ(of_flag.value, ways.shown_of_flag);
  EXPECT_EQ(of_flag.source, std::string{"flag --"} + ways.key);
}

INSTANTIATE_TEST_SUITE_P(
    Each, Precedence,
    testing::Values(
        Ways{"database-url", "\"postgresql://u:x@a/d\"", "host=b password=x", "postgres://u:x@c/d",
             "postgresql://u:***@a/d", "postgresql://:***@b/", "postgresql://u:***@c/d"},
        Ways{"migration-database-url", "\"postgresql://u:x@a/d\"", "postgresql+asyncpg://u:x@b/d", "postgres://u:x@c/d",
             "postgresql://u:***@a/d", "postgresql://u:***@b/d", "postgresql://u:***@c/d"},
        Ways{"role", "\"a\"", "b", "c", "a", "b", "c"}, Ways{"version-table", "\"a\"", "b", "c", "a", "b", "c"},
        Ways{"version-schema", "\"a\"", "b", "c", "a", "b", "c"},
        Ways{"wait-timeout", "\"1h30m\"", "90", "500ms", "1h30min", "1min30s", "500ms"},
        Ways{"wait-grace", "1", "2", "3", "1s", "2s", "3s"}, Ways{"connect-timeout", "1", "2", "3", "1s", "2s", "3s"},
        Ways{"lock-timeout", "1", "2", "0", "1s", "2s", "0"}, Ways{"lock-wait", "1", "2", "3", "1s", "2s", "3s"},
        Ways{"statement-timeout", "1", "2", "3", "1s", "2s", "3s"},
        Ways{"migrations", "[\"/a\", \"/b:c\"]", "/d:/e", "/f", "/a:/b:c", "/d:/e", "/f"},
        Ways{"checksums", "\"warn\"", "ignore", "error", "warn", "ignore", "error"},
        Ways{"out-of-order", "\"allow\"", "refuse", "allow", "allow", "refuse", "allow"},
        Ways{"ahead", "\"allow\"", "refuse", "allow", "allow", "refuse", "allow"},
        Ways{"migrate-with", "\"a b\"", "PGPASSWORD=x c", "d -x url=postgresql://u:x@h/d", "a b", "PGPASSWORD=*** c",
             "d -x url=postgresql://u:***@h/d"},
        Ways{"log-level", "\"trace\"", "debug", "warning", "trace", "debug", "warning"},
        Ways{"log-format", "\"json\"", "text", "logfmt", "json", "text", "logfmt"},
        Ways{"color", "\"always\"", "never", "auto", "always", "never", "auto"},
        Ways{"format", "\"json\"", "text", "json", "json", "text", "json"},
        Ways{"prepare-listen", "\":1\"", "127.0.0.1:2", "[::1]:3", ":1", "127.0.0.1:2", "[::1]:3"},
        Ways{"termination-log", "\"/a\"", "/b/../c", "/d", "/a", "/c", "/d"},
        Ways{"metrics-file", "\"/a\"", "/b/../c", "/d", "/a", "/c", "/d"}),
    [](const auto& info) {
      std::string name = info.param.key;
      std::ranges::replace(name, '-', '_');
      return name;
    });

TEST(Resolve, TypesWhatItReads) {
  const TempFolder folder;
  const Flags flags{{"checksums", "warn"},  {"out-of-order", "allow"}, {"ahead", "allow"},    {"log-level", "trace"},
                    {"log-format", "json"}, {"color", "never"},        {"format", "json"},    {"wait-timeout", "0"},
                    {"role", "migrator"},   {"lock-wait", "1h"},       {"migrate-with", "a"}, {"version-schema", "s"}};
  const Settings settings = resolve(flags, Environment{}, folder.path()).settings;
  EXPECT_EQ(settings.run.checksums, ChecksumPolicy::warn);
  EXPECT_EQ(settings.run.out_of_order, OutOfOrderPolicy::allow);
  EXPECT_EQ(settings.run.ahead, AheadPolicy::allow);
  EXPECT_EQ(settings.output.log_level, log::Level::trace);
  EXPECT_EQ(settings.output.log_format, log::Format::json);
  EXPECT_EQ(settings.output.color, log::Color::never);
  EXPECT_EQ(settings.output.format, ResultFormat::json);
  EXPECT_EQ(settings.wait.timeout, 0s);
  EXPECT_EQ(settings.database.role, "migrator");
  EXPECT_EQ(settings.run.lock_wait, 1h);
  EXPECT_EQ(settings.migrate_with, "a");
  EXPECT_EQ(settings.database.version_schema, "s");
}

TEST(Resolve, AnEmptyVariableCountsAsNotSet) {
  const TempFolder folder;
  const Environment environment{{"SLIPWAY_ROLE=", "DATABASE_URL=", "DATABASE_URL_FILE=", "SLIPWAY_CONFIG="}};
  const auto resolved = resolve({}, environment, folder.path());
  EXPECT_EQ(resolved.settings.database.role, std::nullopt);
  EXPECT_EQ(resolved.settings.database.url, std::nullopt);
}

TEST(Resolve, PathsOfTheFileStartAtTheFile) {
  const TempFolder folder;
  folder.write("etc/own.toml", R"(migrations = ["core", "../plugins/billing", "/absolute"])");
  const auto resolved = resolve({{"config", "etc/own.toml"}}, Environment{}, folder.path());
  EXPECT_THAT(resolved.settings.migrations,
              ElementsAre(folder.path() / "etc/core", folder.path() / "plugins/billing", "/absolute"));
  EXPECT_EQ(row(resolved, "migrations").source, "etc/own.toml:1");
  EXPECT_EQ(row(resolved, "config").value, "etc/own.toml");
  EXPECT_EQ(row(resolved, "config").source, "flag --config");
}

TEST(Resolve, PathsOfFlagsAndEnvironmentStartAtTheWorkingFolder) {
  const TempFolder folder;
  folder.write("etc/own.toml", "");
  const Environment environment{{"SLIPWAY_CONFIG=etc/own.toml", "SLIPWAY_MIGRATIONS=core:plugins/billing"}};
  EXPECT_THAT(resolve({}, environment, folder.path()).settings.migrations,
              ElementsAre(folder.path() / "core", folder.path() / "plugins/billing"));
  EXPECT_THAT(resolve({{"migrations", "a:b"}}, environment, folder.path()).settings.migrations,
              ElementsAre(folder.path() / "a", folder.path() / "b"));
}

TEST(Resolve, PathsOfTheSettingsFileStartAtItsFolder) {
  const TempFolder folder;
  folder.write("etc/own.toml", "metrics-file = 'slipway.prom'");
  const Environment environment{{"SLIPWAY_CONFIG=etc/own.toml", "SLIPWAY_TERMINATION_LOG=reason"}};
  const auto settings = resolve({}, environment, folder.path()).settings;
  EXPECT_EQ(settings.orchestrator.metrics_file, folder.path() / "etc/slipway.prom");
  EXPECT_EQ(settings.orchestrator.termination_log, folder.path() / "reason");
}

TEST(Resolve, ANamedFileIsReadInPlaceOfSlipwayToml) {
  const TempFolder folder;
  folder.write("slipway.toml", "role = \"a\"");
  folder.write("b.toml", "role = \"b\"");
  folder.write("c.toml", "role = \"c\"");
  const Environment environment{{"SLIPWAY_CONFIG=b.toml"}};
  EXPECT_EQ(resolve({}, Environment{}, folder.path()).settings.database.role, "a");
  EXPECT_EQ(resolve({}, environment, folder.path()).settings.database.role, "b");
  EXPECT_EQ(resolve({{"config", "c.toml"}}, environment, folder.path()).settings.database.role, "c");
  EXPECT_EQ(resolve({{"config", (folder.path() / "c.toml").string()}}, environment, "/nowhere").settings.database.role,
            "c");
}

TEST(Resolve, ASecretMayStandInAFile) {
  const TempFolder folder;
  const auto secret = folder.write("secret", "postgresql://u:hunter2@h/d\r\n\n");
  const Environment environment{{"DATABASE_URL_FILE=" + secret.string()}};
  const auto resolved = resolve({}, environment, folder.path());
  EXPECT_EQ(resolved.settings.database.url, DatabaseUrl::parse("postgresql://u:hunter2@h/d"));
  EXPECT_EQ(row(resolved, "database-url").source, "file " + secret.string() + " (DATABASE_URL_FILE)");
  EXPECT_EQ(row(resolved, "database-url").value, "postgresql://u:***@h/d");
  const Environment relative{{"DATABASE_URL_FILE=secret"}};
  EXPECT_EQ(resolve({}, relative, folder.path()).settings.database.url, resolved.settings.database.url);
}

TEST(Resolve, ASecretFileThatDoesNotCountIsNotRead) {
  const TempFolder folder;
  const Environment environment{{"DATABASE_URL_FILE=/nowhere/secret"}};
  EXPECT_NO_THROW(resolve({{"database-url", "host=h"}}, environment, folder.path()));
}

TEST(Resolve, MigrationDatabaseUrlTakesThePlaceOfDatabaseUrl) {
  const TempFolder folder;
  const Environment environment{
      {"DATABASE_URL=postgresql://app:x@h/d", "MIGRATION_DATABASE_URL=postgresql://owner:y@h/d"}};
  const auto resolved = resolve({}, environment, folder.path());
  EXPECT_EQ(resolved.settings.database.url, DatabaseUrl::parse("postgresql://owner:y@h/d"));
  EXPECT_EQ(row(resolved, "database-url").value, "postgresql://app:***@h/d");
  EXPECT_EQ(row(resolved, "migration-database-url").value, "postgresql://owner:***@h/d");
}

TEST(Resolve, BesideMigrationDatabaseUrlTheApplicationsMayBeOfAnyForm) {
  const TempFolder folder;
  const Environment environment{
      {"DATABASE_URL=oracle://h/d?password=hunter2", "MIGRATION_DATABASE_URL=postgresql://owner@h/d"}};
  const auto resolved = resolve({}, environment, folder.path());
  EXPECT_EQ(row(resolved, "database-url").value, "***");
  EXPECT_EQ(row(resolved, "database-url").source, "environment DATABASE_URL");
}

TEST(Resolve, MigrationDatabaseUrlMayStandInAFile) {
  const TempFolder folder;
  folder.write("owner", "postgresql://owner:hunter2@h/d\n");
  const Environment environment{{"MIGRATION_DATABASE_URL_FILE=owner"}};
  EXPECT_EQ(resolve({}, environment, folder.path()).settings.database.url->parameter("user"), "owner");
}

// Whoever types a database means that one, whatever stands elsewhere for another.
class TypedUrl : public testing::Test {
 protected:
  ResolvedSettings resolved(const Flags& flags) const { return resolve(flags, environment_, folder_.path()); }
  static std::string database(const ResolvedSettings& resolved) {
    return std::string{resolved.settings.database.url->parameter("user").value()};
  }
  static void expect_set_aside(const ResolvedSettings& resolved, std::string_view key) {
    EXPECT_EQ(row(resolved, key).value, "") << key;
    EXPECT_EQ(row(resolved, key).source, "default") << key;
  }

  TempFolder folder_;
  Environment environment_{{"DATABASE_URL=postgresql://app@h/d", "MIGRATION_DATABASE_URL=postgresql://owner@h/d",
                            "DIRECT_URL=postgresql://direct@h/d"}};
};

TEST_F(TypedUrl, OfTheDatabaseSetsTheOthersOfTheEnvironmentAside) {
  const auto typed = resolved({{"database-url", "postgresql://typed@h/d"}});
  EXPECT_EQ(database(typed), "typed");
  EXPECT_EQ(typed.settings.database.direct_url, std::nullopt);
  EXPECT_EQ(row(typed, "database-url").source, "flag --database-url");
  expect_set_aside(typed, "migration-database-url");
  expect_set_aside(typed, "direct-url");
}

TEST_F(TypedUrl, OfTheDatabaseSetsTheOthersOfTheSettingsFileAside) {
  environment_ = Environment{};
  folder_.write("slipway.toml",
                "migration-database-url = 'postgresql://owner@h/d'\ndirect-url = 'postgresql://direct@h/d'\n");
  const auto typed = resolved({{"database-url", "postgresql://typed@h/d"}});
  EXPECT_EQ(database(typed), "typed");
  EXPECT_EQ(typed.settings.database.direct_url, std::nullopt);
  expect_set_aside(typed, "migration-database-url");
  expect_set_aside(typed, "direct-url");
}

TEST_F(TypedUrl, ForMigrationsSetsTheDirectOneAside) {
  const auto typed = resolved({{"migration-database-url", "postgresql://typed@h/d"}});
  EXPECT_EQ(database(typed), "typed");
  EXPECT_EQ(typed.settings.database.direct_url, std::nullopt);
  EXPECT_EQ(row(typed, "database-url").value, "postgresql://app@h/d");
  expect_set_aside(typed, "direct-url");
}

TEST_F(TypedUrl, CountsBesideOthersThatAreTypedToo) {
  const auto typed = resolved({{"database-url", "postgresql://a@h/d"},
                               {"migration-database-url", "postgresql://b@h/d"},
                               {"direct-url", "postgresql://c@h/d"}});
  EXPECT_EQ(database(typed), "b");
  EXPECT_EQ(typed.settings.database.direct_url->parameter("user"), "c");
  EXPECT_EQ(row(typed, "database-url").value, "postgresql://a@h/d");
  EXPECT_EQ(row(typed, "migration-database-url").source, "flag --migration-database-url");
  EXPECT_EQ(row(typed, "direct-url").source, "flag --direct-url");
}

TEST_F(TypedUrl, OfTheDirectWaySetsNothingAside) {
  const auto typed = resolved({{"direct-url", "postgresql://typed@h/d"}});
  EXPECT_EQ(database(typed), "owner");
  EXPECT_EQ(typed.settings.database.direct_url->parameter("user"), "typed");
}

TEST_F(TypedUrl, ThatIsMissingLeavesAllToTheEnvironment) {
  const auto given = resolved({});
  EXPECT_EQ(database(given), "owner");
  EXPECT_EQ(given.settings.database.direct_url->parameter("user"), "direct");
}

TEST_F(TypedUrl, LeavesSecretFilesOfTheOthersUnread) {
  environment_ = Environment{{"MIGRATION_DATABASE_URL_FILE=/nowhere/owner", "DIRECT_URL_FILE=/nowhere/direct"}};
  EXPECT_EQ(database(resolved({{"database-url", "postgresql://typed@h/d"}})), "typed");
}

// A pipe gives its text once.
TEST(Resolve, ASecretFileMayBeAPipe) {
  const TempFolder folder;
  const auto pipe = folder.path() / "secret";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::jthread writer{[&pipe] { std::ofstream{pipe} << "postgresql://u:hunter2@h/d\n"; }};
  const Environment environment{{"DATABASE_URL_FILE=secret"}};
  EXPECT_EQ(resolve({}, environment, folder.path()).settings.database.url,
            DatabaseUrl::parse("postgresql://u:hunter2@h/d"));
}

TEST(Resolve, NotesOfTheUrlAreForTheDebugLog) {
  const TempFolder folder;
  EXPECT_THAT(resolve({{"database-url", "postgresql://h/d?pgbouncer=true"}}, Environment{}, folder.path()).notes,
              ElementsAre(HasSubstr("pgbouncer")));
}

TEST(Resolve, LeavesOthersVariablesAlone) {
  const TempFolder folder;
  const Environment environment{{"SLIPWAY_INIT_VERBOSE=1", "SLIPWAY_SERVICE_HOST=10.0.0.1", "SLIPWAY_SERVICE_PORT=80",
                                 "SLIPWAY_SERVICE_PORT_HTTP=80", "SLIPWAY_PORT=tcp://10.0.0.1:80",
                                 "SLIPWAY_PORT_80_TCP=tcp://10.0.0.1:80", "SLIPWAY_PORT_80_TCP_PROTO=tcp",
                                 "SLIPWAY_DB_SERVICE_HOST=10.0.0.2", "SLIPWAY_DB_PORT_5432_TCP_ADDR=10.0.0.2",
                                 "SLIPWAYS=1", "slipway_role=x"}};
  EXPECT_NO_THROW(resolve({}, environment, folder.path()));
}

TEST(Resolve, ShowsNoSecretOfAnySource) {
  const TempFolder folder;
  folder.write("slipway.toml", "database-url = \"postgresql://u:hunter2@h/d?sslpassword=hunter2\"");
  folder.write("owner", "host=h password=hunter2");
  for (const Environment& environment :
       {Environment{}, Environment{{"MIGRATION_DATABASE_URL_FILE=owner"}},
        Environment{{"DATABASE_URL=postgresql://u:hunter2@h/d", "SLIPWAY_MIGRATE_WITH=x --password=hunter2"}}}) {
    const auto resolved = resolve({}, environment, folder.path());
    EXPECT_THAT(as_text(resolved.effective) + as_json(resolved.effective).dump(), Not(HasSubstr("hunter2")));
    EXPECT_THAT(as_text(resolved.effective), HasSubstr("***"));
  }
}

}  // namespace
}  // namespace slipway
