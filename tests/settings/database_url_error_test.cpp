#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caught.h"
#include "settings/database_url.h"

namespace slipway {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Mistake {
  const char* text;
  const char* message;
  const char* hint;
};

class DatabaseUrlMistake : public testing::TestWithParam<Mistake> {};

TEST_P(DatabaseUrlMistake, IsAnErrorWithItsFix) {
  const Error error = caught([] { DatabaseUrl::parse(GetParam().text); });
  EXPECT_EQ(error.exit_code(), ExitCode::bad_configuration);
  EXPECT_THAT(error.message(), HasSubstr(GetParam().message));
  EXPECT_THAT(error.hint(), HasSubstr(GetParam().hint));
}

INSTANTIATE_TEST_SUITE_P(
    Form, DatabaseUrlMistake,
    testing::Values(Mistake{"", "is empty", "write postgresql://"}, Mistake{" \n", "is empty", "write postgresql://"},
                    Mistake{"localhost", "neither a URL nor libpq keywords and values", "write postgresql://"},
                    Mistake{"localhost:5432/app", "neither a URL nor", "write postgresql://"},
                    Mistake{"postgresql:/h/d", "neither a URL nor", "write postgresql://"},
                    Mistake{"\"postgresql://h/d\"", "begins with a quote", "--env-file"},
                    Mistake{"'postgresql://h/d'", "begins with a quote", "--env-file"},
                    Mistake{"mysql://h/d", "scheme \"mysql\" is not supported", "write postgresql://user"},
                    Mistake{"postgrsql://h/d", "scheme \"postgrsql\"", "write postgresql:// instead"},
                    Mistake{"postgresq+asyncpg://h/d", "scheme", "write postgresql:// instead"},
                    Mistake{"Host=h;Require Auth=ScramSHA256", "is not supported", "MIGRATION_DATABASE_URL"},
                    Mistake{"Host=h;Wrong=1", "keyword \"Host\"", "did you mean host"},
                    Mistake{"jdbc:oracle://h/d", "scheme is not supported", "write postgresql://"},
                    Mistake{"jdbc:tc:postgresql:16:///d", "scheme is not supported", "Testcontainers"},
                    Mistake{"prisma+postgres://h/?api_key=hunter2", "scheme \"prisma+postgres\"", "Prisma's pooler"},
                    Mistake{"://h/d", "scheme is not supported", "write postgresql://"}));

INSTANTIATE_TEST_SUITE_P(Scratch, DatabaseUrlMistake,
                         testing::Values(Mistake{"scratch", "without its colon", "write scratch:"},
                                         Mistake{"scratch:data", "not an absolute path", "scratch:/path"},
                                         Mistake{"scratch://data", "not an absolute path", "scratch:/path"},
                                         Mistake{"scratch:///data", "not an absolute path", "scratch:/path"}));

INSTANTIATE_TEST_SUITE_P(
    Parts, DatabaseUrlMistake,
    testing::Values(Mistake{"postgresql://u:hun@ter2@h/d", "an @ where a host or a database", "%40"},
                    Mistake{"postgresql://u:hun/ter2@h/d", "an @ where a host or a database", "%2F"},
                    Mistake{"postgresql+asyncpg://u:hun@ter2@h/d", "an @ where a host or a database", "%40"},
                    Mistake{"postgresql://u:hunt%er2@h/d", "a % that is not followed by two hexadecimal digits", "%25"},
                    Mistake{"postgresql://u:hunter2%@h/d", "a % that is not followed by two hexadecimal digits", "%25"},
                    Mistake{"postgresql://u:hunter2%00@h/d", "other than 00", "%25"},
                    Mistake{"postgresql://u:hunter2@[::1/d", "a bracket", "[::1]"},
                    Mistake{"postgresql://u:hunter2@[]/d", "a bracket", "[::1]"},
                    Mistake{"postgresql://u:hunter2@[::1]5432/d", "a bracket", "[::1]"},
                    Mistake{"postgresql://u:hunter2@h:port/d", "port is not a number", "%40"},
                    Mistake{"postgresql://hun:ter2", "port is not a number", "%40"},
                    Mistake{"postgresql://[=:1]/d", "a host that is not a name", "%40"},
                    Mistake{"postgresql://a b/d", "a host that is not a name", "%40"},
                    Mistake{"postgresql://u#hunter2/d", "a host that is not a name", "%40"},
                    Mistake{"host=a:1", "a host that is not a name", "%40"},
                    Mistake{"hostaddr=1.2.3.4%x", "a host that is not a name", "%40"},
                    Mistake{"postgresql://h:0/d", "port is not a number from 1 to 65535", ""},
                    Mistake{"postgresql://h:65536/d", "port is not a number from 1 to 65535", ""},
                    Mistake{"postgresql://h:-1/d", "port is not a number", ""},
                    Mistake{"postgresql:///d?host=a,b,c&port=1,2", "2 ports for 3 hosts", "one port"},
                    Mistake{"postgresql://h/d?port=1,2", "2 ports for 1 host", "one port"},
                    Mistake{"dbname=postgresql://u:hunter2@h/d", "dbname is a connection string", "use that string"},
                    Mistake{"dbname='host=h password=hunter2'", "dbname is a connection string", "use that string"}));

INSTANTIATE_TEST_SUITE_P(
    Query, DatabaseUrlMistake,
    testing::Values(Mistake{"postgresql://h/d?ssl_mode=require", "\"ssl_mode\"", "sslmode"},
                    Mistake{"postgresql://h/d?sslmod=require", "\"sslmod\"", "did you mean sslmode"},
                    Mistake{"postgresql://h/d?comand_timeout=3", "\"comand_timeout\"", "command_timeout"},
                    Mistake{"postgresql://h/d?zzzzzz=3", "neither libpq nor a known driver", "leave it out"},
                    Mistake{"postgresql://h/d?sslmode=requir", "is not one of disable, allow", "did you mean require"},
                    Mistake{"postgresql://h/d?ssl=hunter2", "is not one of disable, allow", ""},
                    Mistake{"postgresql://h/d?a", "not name=value", ""},
                    Mistake{"postgresql://h/d?=a", "not name=value", ""},
                    Mistake{"postgresql://h/d?user=%x", "a % that is not followed by two hexadecimal digits", "%25"}));

INSTANTIATE_TEST_SUITE_P(
    KeywordForm, DatabaseUrlMistake,
    testing::Values(Mistake{"hots=h", "keyword \"hots\"", "did you mean host"},
                    Mistake{"zzzzzz=h", "keyword \"zzzzzz\"", "leave it out"},
                    Mistake{"host=h password=hunter2 hunter2=x", "a keyword that libpq does not have", "quotes"},
                    Mistake{"host=hunter2 password=x hunter2=y", "a keyword that libpq does not have", "quotes"},
                    Mistake{"host=h password=my hunter2", "can't be parsed as libpq keywords", "quotes"},
                    Mistake{"host=h password='hunter2", "can't be parsed as libpq keywords", "quotes"},
                    Mistake{"host=h sslmode=on", "", ""}, Mistake{"host=h port=x", "port is not a number", ""}));

TEST(DatabaseUrl, NoErrorRepeatsThePassword) {
  for (const char* text : {"postgresql://u:hunter2@h/d?x=y",
                           "postgresql://u:hunter2@[::1/d",
                           "postgresql://u:hunter2@h:p/d",
                           "postgresql://u:hunter2%zz@h/d",
                           "postgresql://u:a@hunter2@h/d",
                           "postgresql://u:a/hunter2@h/d",
                           "postgresql://u:1/a?hunter2=x@h/d",
                           "postgresql://u:a/hunter2?x@h/d",
                           "postgresql://u:1@a?hunter2=b@h/d",
                           "mysql://u:hunter2@h/d",
                           "u:hunter2@h/d",
                           "u:hunter2://h",
                           "Host=h;Password=hunter2;Port=x",
                           "Host=h;Password='hunter2",
                           "Host=h;Nonsense=hunter2",
                           "jdbc:hunter2://h",
                           "postgresql://h/d?require_auth=hunter2",
                           "postgresql://h/d?scram_client_key=hunter2",
                           "host=h password=a hunter2",
                           "host=h password=a hunter2=b",
                           "password='hunter2",
                           "hunter2",
                           "\"postgresql://u:hunter2@h/d\"",
                           "postgresql://u:1:hunter2/d",
                           "postgresql://u,hunter2:x@/d:hunter2?a",
                           "postgresql:/u:hunter2@h",
                           "postgresql+hunter2 x://h/d",
                           "host=h password=x zz=hunter2",
                           "postgresql://h/d?sslmode=hunter2",
                           "postgresql://h/d?password=hunter2&a=b",
                           "dbname=postgresql://u:hunter2@h/d",
                           "scratch:hunter2"}) {
    const Error error = caught([&] { DatabaseUrl::parse(text); });
    EXPECT_THAT(error.message() + error.hint(), Not(HasSubstr("hunter"))) << text;
  }
}

TEST(DatabaseUrl, HasNoPlaceForTheCharacterZero) {
  using namespace std::string_literals;
  const std::string text = "host=h\0 password=x"s;
  EXPECT_THAT(caught([&] { DatabaseUrl::parse(text); }).message(), HasSubstr("NUL character"));
}

}  // namespace
}  // namespace slipway
