#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "caught.h"
#include "fixture/temp_folder.h"
#include "settings/resolve.h"

namespace slipway {
namespace {

using fixture::TempFolder;
using testing::HasSubstr;
using testing::Not;

struct Mistake {
  const char* key;
  const char* value;
  const char* message;
  const char* hint;
};

std::string variable_of(std::string key) {
  for (char& character : key)
    character = character == '-' ? '_' : static_cast<char>(character - 'a' + 'A');
  return key.ends_with("DATABASE_URL") ? key : "SLIPWAY_" + key;
}

class BadValue : public testing::TestWithParam<Mistake> {};

TEST_P(BadValue, OfAFlagIsAUsageError) {
  const Mistake& mistake = GetParam();
  const Error error = caught([&] { resolve({{mistake.key, mistake.value}}, Environment{}, "/nowhere"); });
  EXPECT_EQ(error.exit_code(), ExitCode::usage);
  EXPECT_EQ(error.message(), std::string{"--"} + mistake.key + ": " + mistake.message);
  EXPECT_THAT(error.hint(), HasSubstr(mistake.hint));
}

TEST_P(BadValue, OfTheEnvironmentIsBadConfiguration) {
  const Mistake& mistake = GetParam();
  const Environment environment{{variable_of(mistake.key) + "=" + mistake.value}};
  if (*mistake.value == '\0') {  // counts as not set
    EXPECT_NO_THROW(resolve({}, environment, "/nowhere"));
    return;
  }
  const Error error = caught([&] { resolve({}, environment, "/nowhere"); });
  EXPECT_EQ(error.exit_code(), ExitCode::bad_configuration);
  EXPECT_EQ(error.message(), variable_of(mistake.key) + ": " + mistake.message);
  EXPECT_THAT(error.hint(), HasSubstr(mistake.hint));
}

TEST_P(BadValue, OfTheFileIsBadConfigurationWithItsLine) {
  const Mistake& mistake = GetParam();
  const TempFolder folder;
  folder.write("slipway.toml", std::string{"\n"} + mistake.key + " = \"" + mistake.value + "\"\n");
  const Error error = caught([&] { resolve({}, Environment{}, folder.path()); });
  EXPECT_EQ(error.exit_code(), ExitCode::bad_configuration);
  EXPECT_EQ(error.message(), std::string{"slipway.toml:2: "} + mistake.key + ": " + mistake.message);
  EXPECT_THAT(error.hint(), HasSubstr(mistake.hint));
}

INSTANTIATE_TEST_SUITE_P(
    Each, BadValue,
    testing::Values(
        Mistake{"lock-timeout", "5 minutes", "\"5 minutes\" is not a duration", "10s"},
        Mistake{"wait-timeout", "-1", "\"-1\" is not a duration", "10s"},
        Mistake{"lock-wait", "25d", "\"25d\" is not a duration", "10s"},
        Mistake{"statement-timeout", "9999h", "\"9999h\" is not a duration", "596h"},
        Mistake{"log-level", "debgu", "\"debgu\" is not one of trace, debug, info, warning, error",
                "did you mean debug?"},
        Mistake{"checksums", "off", "\"off\" is not one of error, warn, ignore", ""},
        Mistake{"allow-empty", "maybe", "\"maybe\" is neither true nor false", "write true or false, 1 or 0"},
        Mistake{"out-of-order", "alow", "\"alow\" is not one of refuse, allow", "did you mean allow?"},
        Mistake{"ahead", "yes", "\"yes\" is not one of refuse, allow", ""},
        Mistake{"color", "allways", "\"allways\" is not one of auto, always, never", "did you mean always?"},
        Mistake{"format", "yaml", "\"yaml\" is not one of text, json", ""},
        Mistake{"prepare-listen", "8000", "\"8000\" is not an address to listen on", "write :8000 for every address"},
        Mistake{"log-format", "JSON", "\"JSON\" is not one of text, json, logfmt", "did you mean json?"},
        Mistake{"version-table", "public.alembic_version", "\"public.alembic_version\" contains a dot",
                "version-schema"},
        Mistake{"role", "a234567890123456789012345678901234567890123456789012345678901234",
                "\"a234567890123456789012345678901234567890123456789012345678901234\" is longer than 63 bytes, "
                "PostgreSQL's limit for a name",
                "shorter"},
        Mistake{"database-url", "mysql://u:hunter2@h/d", "the database URL's scheme \"mysql\" is not supported",
                "postgresql://"},
        Mistake{"migration-database-url", "scratch:", "a scratch server can't be used only for migrations",
                "database-url"},
        Mistake{"role", "", "the value is empty", "leave it out"},
        Mistake{"migrations", "", "the value is empty", "leave it out"},
        Mistake{"log-level", "postgresql://u:hunter2@h/d",
                "\"postgresql://u:***@h/d\" is not one of trace, debug, info, warning, error", ""}));

TEST(ResolveError, AnUnknownFlagOffersTheNearest) {
  const Error error = caught([] { resolve({{"rol", "x"}}, Environment{}, "/nowhere"); });
  EXPECT_EQ(error.exit_code(), ExitCode::usage);
  EXPECT_EQ(error.message(), "there is no setting for --rol");
  EXPECT_THAT(error.hint(), HasSubstr("--role"));
}

TEST(ResolveError, AnUnknownVariableOffersTheNearest) {
  const auto hint = [](const char* name) {
    const Environment environment{{std::string{name} + "=hunter2"}};
    const Error error = caught([&] { resolve({}, environment, "/nowhere"); });
    EXPECT_EQ(error.exit_code(), ExitCode::bad_configuration);
    EXPECT_THAT(error.message(), HasSubstr(name));
    EXPECT_THAT(error.message() + error.hint(), Not(HasSubstr("hunter2")));
    return error.hint();
  };
  EXPECT_THAT(hint("SLIPWAY_ROL"), HasSubstr("SLIPWAY_ROLE"));
  EXPECT_THAT(hint("SLIPWAY_DATABASE_URL"), HasSubstr("DATABASE_URL"));
  EXPECT_THAT(hint("SLIPWAY_LOCKTIMEOUT"), HasSubstr("SLIPWAY_LOCK_TIMEOUT"));
  EXPECT_THAT(hint("SLIPWAY_SOMETHING_ELSE_ALTOGETHER"), HasSubstr("slipway config"));
}

TEST(ResolveError, AVariableAndItsFileExcludeEachOther) {
  for (const char* name : {"DATABASE_URL", "MIGRATION_DATABASE_URL"}) {
    const Environment environment{{std::string{name} + "=host=h", std::string{name} + "_FILE=/nowhere"}};
    const Error error = caught([&] { resolve({{"database-url", "host=h"}}, environment, "/nowhere"); });
    EXPECT_EQ(error.exit_code(), ExitCode::bad_configuration);
    EXPECT_EQ(error.message(), std::string{"both "} + name + " and " + name + "_FILE are set");
  }
}

TEST(ResolveError, ANamedSettingsFileMustBeThere) {
  const Error of_flag = caught([] { resolve({{"config", "own.toml"}}, Environment{}, "/nowhere"); });
  EXPECT_EQ(of_flag.exit_code(), ExitCode::usage);
  EXPECT_EQ(of_flag.message(), "--config: can't read own.toml: No such file or directory");
  const Error of_variable = caught([] { resolve({}, Environment{{"SLIPWAY_CONFIG=own.toml"}}, "/nowhere"); });
  EXPECT_EQ(of_variable.exit_code(), ExitCode::bad_configuration);
  EXPECT_THAT(of_variable.message(), HasSubstr("SLIPWAY_CONFIG: can't read own.toml"));
}

TEST(ResolveError, ASettingsFileThatIsThereMustBeReadable) {
  const TempFolder folder;
  std::filesystem::create_directory(folder.path() / "slipway.toml");
  EXPECT_EQ(caught([&] { resolve({}, Environment{}, folder.path()); }).message(),
            "can't read slipway.toml: Is a directory");
  const TempFolder other;
  std::filesystem::create_symlink("nowhere", other.path() / "slipway.toml");
  EXPECT_THAT(caught([&] { resolve({}, Environment{}, other.path()); }).message(),
              HasSubstr("can't read slipway.toml"));
  const TempFolder third;
  third.write("slipway.toml", std::string(2UL * 1024 * 1024, '\n'));
  EXPECT_EQ(caught([&] { resolve({}, Environment{}, third.path()); }).message(),
            "slipway.toml is larger than 1024 KiB");
}

TEST(ResolveError, OfTheSettingsFileKeepsItsCode) {
  const TempFolder folder;
  folder.write("own.toml", "rol = 1");
  const Error error = caught([&] { resolve({{"config", "own.toml"}}, Environment{}, folder.path()); });
  EXPECT_EQ(error.exit_code(), ExitCode::bad_configuration);
  EXPECT_THAT(error.message(), HasSubstr("own.toml:1: "));
}

TEST(ResolveError, AScratchServerNeedsNoOtherUrl) {
  const Environment environment{{"DATABASE_URL=scratch:", "MIGRATION_DATABASE_URL=host=h"}};
  const Error error = caught([&] { resolve({}, environment, "/nowhere"); });
  EXPECT_EQ(error.exit_code(), ExitCode::bad_configuration);
  EXPECT_THAT(error.message(), HasSubstr("a scratch server can't be combined with another URL"));
}

TEST(ResolveError, EveryPathNeedsAName) {
  EXPECT_THAT(caught([] {
                resolve({{"migrations", "a::b"}}, Environment{}, "/nowhere");
              }).message(),
              HasSubstr("--migrations: one of the values is empty"));
}

class BadSecretFile : public testing::Test {
 protected:
  std::string message(const std::filesystem::path& file) {
    const Environment environment{{"DATABASE_URL_FILE=" + file.string()}};
    const Error error = caught([&] { resolve({}, environment, folder_.path()); });
    EXPECT_EQ(error.exit_code(), ExitCode::bad_configuration);
    EXPECT_FALSE(error.hint().empty());
    EXPECT_THAT(error.message() + error.hint(), Not(HasSubstr("hunter2")));
    return error.message();
  }

  TempFolder folder_;
};

TEST_F(BadSecretFile, ThatIsMissing) {
  EXPECT_EQ(message("/nowhere/s"), "DATABASE_URL_FILE: can't read /nowhere/s: No such file or directory");
}

TEST_F(BadSecretFile, ThatIsAFolder) {
  EXPECT_THAT(message(folder_.path()), HasSubstr("Is a directory"));
}

// Root may read everything, so this goes on as nobody.
TEST_F(BadSecretFile, ThatIsNotReadable) {
  constexpr uid_t nobody = 65'534;
  const auto file = folder_.write("s", "hunter2");
  std::filesystem::permissions(file, std::filesystem::perms::none);
  const uid_t user = ::geteuid();
  ASSERT_EQ(::seteuid(user == 0 ? nobody : user), 0);
  EXPECT_THAT(message(file), HasSubstr("Permission denied"));
  ASSERT_EQ(::seteuid(user), 0);
}

TEST_F(BadSecretFile, ThatIsEmpty) {
  EXPECT_THAT(message(folder_.write("s", "")), HasSubstr("s is empty"));
  EXPECT_THAT(message(folder_.write("t", "\r\n\n")), HasSubstr("t is empty"));
}

TEST_F(BadSecretFile, ThatIsHuge) {
  EXPECT_THAT(message(folder_.write("s", std::string(65UL * 1024 + 1, 'x'))), HasSubstr("s is larger than 64 KiB"));
  EXPECT_THAT(message("/dev/zero"), HasSubstr("/dev/zero is larger than 64 KiB"));
}

TEST_F(BadSecretFile, ThatHasSeveralLines) {
  EXPECT_THAT(message(folder_.write("s", "hunter2\nhunter2\n")), HasSubstr("s has several lines"));
  EXPECT_THAT(message(folder_.write("t", std::string_view{"hunter2\0x", 9})), HasSubstr("t has several lines"));
}

TEST_F(BadSecretFile, ThatHoldsNoUrl) {
  const auto file = folder_.write("s", "u:hunter2@h/d\n");
  EXPECT_THAT(message(file), HasSubstr(file.string() + " (DATABASE_URL_FILE): the database URL is neither"));
}

}  // namespace
}  // namespace slipway
