#include "settings/database_url.h"

#include <memory>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>

namespace slipway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// "dbname=app host=h", sorted by keyword.
std::string keywords(const DatabaseUrl& url) {
  std::string text;
  for (const auto& [keyword, value] : url.parameters()) {
    if (!text.empty()) text += ' ';
    text.append(keyword).append("=").append(value);
  }
  return text;
}

struct Form {
  const char* text;
  const char* keywords;
};

class DatabaseUrlForm : public testing::TestWithParam<Form> {};

TEST_P(DatabaseUrlForm, BecomesLibpqKeywords) {
  const auto url = DatabaseUrl::parse(GetParam().text);
  EXPECT_EQ(url.kind(), DatabaseUrl::Kind::server);
  EXPECT_EQ(keywords(url), GetParam().keywords);
}

INSTANTIATE_TEST_SUITE_P(
    Schemes, DatabaseUrlForm,
    testing::Values(Form{"postgresql+asyncpg://sigmachain:sigmachain_dev@localhost:5432/sigmachain",
                         "dbname=sigmachain host=localhost password=sigmachain_dev port=5432 user=sigmachain"},
                    Form{"postgresql://u:p@h:1/d", "dbname=d host=h password=p port=1 user=u"},
                    Form{"postgres://u:p@h:1/d", "dbname=d host=h password=p port=1 user=u"},
                    Form{"postgresql+psycopg2://h/d", "dbname=d host=h"},
                    Form{"postgresql+psycopg://h/d", "dbname=d host=h"},
                    Form{"postgresql+pg8000://h/d", "dbname=d host=h"},
                    Form{"postgresql+psycopg_async://h/d", "dbname=d host=h"},
                    Form{"postgres+asyncpg://h/d", "dbname=d host=h"}, Form{"PostgreSQL://h/d", "dbname=d host=h"},
                    Form{" postgresql://h/d\n", "dbname=d host=h"}));

INSTANTIATE_TEST_SUITE_P(
    Parts, DatabaseUrlForm,
    testing::Values(Form{"postgresql://", ""}, Form{"postgresql:///", ""}, Form{"postgresql:///d", "dbname=d"},
                    Form{"postgresql://h", "host=h"}, Form{"postgresql://u@h/", "host=h user=u"},
                    Form{"postgresql://u:@h/", "host=h user=u"}, Form{"postgresql://:5433/d", "dbname=d port=5433"},
                    Form{"postgresql://u%40x:p%2F%3a%25@h/a%20b", "dbname=a b host=h password=p/:% user=u@x"},
                    Form{"postgresql://u:p%C3%A9@h/d", "dbname=d host=h password=p\xC3\xA9 user=u"},
                    Form{"postgresql://h/a/b", "dbname=a/b host=h"},
                    Form{"postgresql://u:a?b@h/d", "dbname=d host=h password=a?b user=u"},
                    Form{"postgresql://u:a:b@h/d", "dbname=d host=h password=a:b user=u"}));

INSTANTIATE_TEST_SUITE_P(
    Hosts, DatabaseUrlForm,
    testing::Values(
        Form{"postgresql://[::1]:5432/d", "dbname=d host=::1 port=5432"},
        Form{"postgresql://[::1]/d", "dbname=d host=::1"},
        Form{"postgresql://[fe80::1%25eth0]/d", "dbname=d host=fe80::1%eth0"},
        Form{"postgresql://a:1,b:2/d", "dbname=d host=a,b port=1,2"},
        Form{"postgresql://a,b:2/d", "dbname=d host=a,b port=,2"}, Form{"postgresql://a,b/d", "dbname=d host=a,b"},
        Form{"postgresql://[::1]:1,b/d", "dbname=d host=::1,b port=1,"},
        Form{"postgresql+psycopg2://u@/d?host=a:5432&host=b:5433", "dbname=d host=a,b port=5432,5433 user=u"},
        Form{"postgresql+psycopg2:///d?host=a:5432&host=b", "dbname=d host=a,b port=5432,"},
        Form{"postgresql+psycopg2:///d?host=a&port=1&host=b&port=2", "dbname=d host=a,b port=1,2"},
        Form{"postgresql+asyncpg:///d?host=a,b&port=1,2", "dbname=d host=a,b port=1,2"},
        Form{"postgresql:///d?host=a&host=b&port=5433", "dbname=d host=a,b port=5433,5433"},
        Form{"postgresql:///d?host=[::1]:5433", "dbname=d host=::1 port=5433"},
        Form{"postgresql:///d?host=::1", "dbname=d host=::1"}, Form{"postgresql:///d?host=[::1]", "dbname=d host=::1"},
        Form{"postgresql://a:1/d?host=b", "dbname=d host=b port=1"},
        Form{"postgresql://h/d?hostaddr=127.0.0.1", "dbname=d host=h hostaddr=127.0.0.1"}));

INSTANTIATE_TEST_SUITE_P(
    UnixSockets, DatabaseUrlForm,
    testing::Values(Form{"postgresql://%2Frun%2Fpostgresql/d", "dbname=d host=/run/postgresql"},
                    Form{"postgresql://u@/d?host=/run/postgresql", "dbname=d host=/run/postgresql user=u"},
                    Form{"postgresql:///d?host=%2Frun%2Fpostgresql&port=5433",
                         "dbname=d host=/run/postgresql port=5433"},
                    Form{"postgresql:///d?host=@abstract", "dbname=d host=@abstract"},
                    Form{"postgresql+pg8000:///d?unix_sock=/run/postgresql/.s.PGSQL.5433",
                         "dbname=d host=/run/postgresql port=5433"},
                    Form{"postgresql+pg8000:///d?unix_sock=/run/postgresql", "dbname=d host=/run/postgresql"},
                    Form{"postgresql://localhost/d?host=/cloudsql/project:region:instance",
                         "dbname=d host=/cloudsql/project:region:instance"}));

INSTANTIATE_TEST_SUITE_P(
    Query, DatabaseUrlForm,
    testing::Values(Form{"postgresql://h/d?sslmode=require&connect_timeout=5",
                         "connect_timeout=5 dbname=d host=h sslmode=require"},
                    Form{"postgresql://h/d?user=u&password=p%26q&dbname=e", "dbname=e host=h password=p&q user=u"},
                    Form{"postgresql://h/d?user=u@server", "dbname=d host=h user=u@server"},
                    Form{"postgresql://h/d?database=e&username=u", "dbname=e host=h user=u"},
                    Form{"postgresql://h/d?options=-c%20geqo=off", "dbname=d host=h options=-c geqo=off"},
                    Form{"postgresql://h/d?application_name=a+b", "application_name=a+b dbname=d host=h"},
                    Form{"postgresql+asyncpg://h/d?application_name=a+b", "application_name=a b dbname=d host=h"},
                    Form{"postgresql://h/d?search_path=a,b%20c&options=-c%20x.y=1",
                         "dbname=d host=h options=-c search_path=a,b\\ c -c x.y=1"},
                    Form{"postgresql://h/d?timezone=UTC", "dbname=d host=h options=-c timezone=UTC"},
                    Form{"postgresql://h/d?&&sslmode=&connect_timeout=1&", "connect_timeout=1 dbname=d host=h"},
                    Form{"postgresql://h/d?", "dbname=d host=h"},
                    Form{"postgresql://h?sslmode=disable", "host=h sslmode=disable"}));

INSTANTIATE_TEST_SUITE_P(
    Ssl, DatabaseUrlForm,
    testing::Values(Form{"postgresql+asyncpg://h/d?ssl=require", "dbname=d host=h sslmode=require"},
                    Form{"postgresql+asyncpg://h/d?ssl=prefer", "dbname=d host=h sslmode=prefer"},
                    Form{"postgresql+asyncpg://h/d?ssl=verify-full", "dbname=d host=h sslmode=verify-full"},
                    Form{"postgresql+asyncpg://h/d?ssl=disable", "dbname=d host=h sslmode=disable"},
                    Form{"postgresql+pg8000://h/d?ssl=true", "dbname=d host=h sslmode=require"},
                    Form{"postgresql://h/d?ssl=1", "dbname=d host=h sslmode=require"},
                    Form{"postgresql://h/d?ssl=false", "dbname=d host=h sslmode=disable"},
                    Form{"postgresql://h/d?sslmode=no-verify", "dbname=d host=h sslmode=require"},
                    Form{"postgresql://h/d?ssl-mode=verify-ca&ssl-root-cert=/ca",
                         "dbname=d host=h sslmode=verify-ca sslrootcert=/ca"},
                    Form{"postgresql://h/d?ssl=false&sslmode=verify-full", "dbname=d host=h sslmode=verify-full"},
                    Form{"postgresql://h/d?sslmode=verify-full&ssl=true", "dbname=d host=h sslmode=verify-full"}));

// SQLAlchemy ends the password at the first @ (sqlalchemy/engine/url.py), libpq looks no further than a slash.
INSTANTIATE_TEST_SUITE_P(WhereSqlalchemyDiffersFromLibpq, DatabaseUrlForm,
                         testing::Values(Form{"postgresql+asyncpg://u:a/b@h:1/d",
                                              "dbname=d host=h password=a/b port=1 user=u"},
                                         Form{"postgresql+asyncpg://h/d?user=a@b", "dbname=d host=h user=a@b"}));

INSTANTIATE_TEST_SUITE_P(
    KeywordForm, DatabaseUrlForm,
    testing::Values(Form{"host=localhost dbname=app", "dbname=app host=localhost"},
                    Form{"host = h password = 'two words' dbname='it\\'s'", "dbname=it's host=h password=two words"},
                    Form{"host=a,b port=5433", "host=a,b port=5433,5433"}, Form{"dbname='a=b'", "dbname=a=b"},
                    Form{"host=h password=a://b", "host=h password=a://b"}, Form{"password=''", ""},
                    Form{"service=app", "service=app"}));

TEST(DatabaseUrl, LeavesOutWhatOnlyDriversKnow) {
  for (const char* name :
       {"command_timeout", "prepared_statement_cache_size", "statement_cache_size", "async_fallback", "pgbouncer",
        "serverVersion", "charset", "connection_limit", "pool_timeout", "sslaccept", "pool_max_conns",
        "binary_parameters", "prepare_threshold", "x-migrations-table", "statement_timeout", "supa", "pool"}) {
    const auto url = DatabaseUrl::parse(std::string{"postgresql://h/d?"} + name + "=hunter2");
    EXPECT_EQ(keywords(url), "dbname=d host=h") << name;
    EXPECT_THAT(url.notes(), ElementsAre(HasSubstr(std::string{"\""} + name + "\" is left out"))) << name;
    EXPECT_THAT(url.notes().front(), testing::Not(HasSubstr("hunter2")));
  }
}

TEST(DatabaseUrl, NotesWhatItTranslates) {
  EXPECT_THAT(DatabaseUrl::parse("postgresql://h/d?ssl=require").notes(),
              ElementsAre("the database URL's \"ssl\" is translated to libpq's sslmode"));
  EXPECT_THAT(DatabaseUrl::parse("postgresql://h/d?sslmode=require").notes(), IsEmpty());
}

TEST(DatabaseUrl, NamesAScratchServer) {
  const auto temporary = DatabaseUrl::parse("scratch:");
  EXPECT_EQ(temporary.kind(), DatabaseUrl::Kind::scratch);
  EXPECT_TRUE(temporary.scratch_folder().empty());
  EXPECT_EQ(temporary.masked(), "scratch:");
  const auto kept = DatabaseUrl::parse("scratch:/var/lib/app");
  EXPECT_EQ(kept.scratch_folder(), "/var/lib/app");
  EXPECT_EQ(kept.masked(), "scratch:/var/lib/app");
  EXPECT_EQ(kept.host_description(), "scratch:/var/lib/app");
  EXPECT_TRUE(kept.parameters().empty());
}

TEST(DatabaseUrl, PrintsItselfMasked) {
  std::ostringstream text;
  text << DatabaseUrl::parse("postgresql+asyncpg://sigmachain:sigmachain_dev@localhost:5432/sigmachain");
  EXPECT_EQ(text.str(), "postgresql://sigmachain:***@localhost:5432/sigmachain");
}

TEST(DatabaseUrl, MasksSecretsWhereverTheyStand) {
  for (const char* text :
       {"postgresql://u:hunter2@h/d", "postgresql://h/d?password=hunter2", "postgresql://h/d?sslpassword=hunter2",
        "host=h password=hunter2", "host=h password='hunter2 hunter2'", "postgresql://:hunter2@h/d",
        "postgresql+asyncpg://u:hunter2/hunter2@h/d", "postgresql://u:%68unter2@h/d",
        "postgresql://u:x@h/d?password=hunter2"}) {
    const auto url = DatabaseUrl::parse(text);
    EXPECT_THAT(url.masked() + url.host_description() + testing::PrintToString(url), Not(HasSubstr("hunter2"))) << text;
    EXPECT_THAT(url.masked(), HasSubstr("***")) << text;
    EXPECT_THAT(url.to_uri(), HasSubstr("hunter2")) << text;
  }
}

TEST(DatabaseUrl, WritesAUriInFull) {
  EXPECT_EQ(DatabaseUrl::parse("host=/tmp/s port=5433 user=app dbname=app").to_uri(),
            "postgresql://app@/app?host=/tmp/s&port=5433");
  EXPECT_EQ(DatabaseUrl::parse("host=::1,b port=1 user=u password='p@/' dbname=d sslmode=require").to_uri(),
            "postgresql://u:p%40%2F@[::1]:1,b:1/d?sslmode=require");
  EXPECT_EQ(DatabaseUrl::parse("postgresql://u:p@h/d").to_uri("postgresql+asyncpg"), "postgresql+asyncpg://u:p@h/d");
  EXPECT_EQ(DatabaseUrl::parse("scratch:/a").to_uri(), "scratch:/a");
}

TEST(DatabaseUrl, IsMadeOfParametersToo) {
  const auto url = DatabaseUrl::of({{"user", "app"}, {"host", "/tmp/s"}, {"password", ""}, {"dbname", "app"}});
  EXPECT_EQ(keywords(url), "dbname=app host=/tmp/s user=app");
  EXPECT_EQ(url, DatabaseUrl::parse("postgresql://app@/app?host=/tmp/s"));
}

TEST(DatabaseUrl, SaysWhichServerAndDatabase) {
  const auto described = [](const char* text) { return DatabaseUrl::parse(text).host_description(); };
  EXPECT_EQ(described("postgresql+asyncpg://u:p@localhost:5432/sigmachain"), "localhost:5432/sigmachain");
  EXPECT_EQ(described("postgresql://a:1,b:2/d"), "a:1,b:2/d");
  EXPECT_EQ(described("postgresql://[::1]:5433/d"), "[::1]:5433/d");
  EXPECT_EQ(described("host=/tmp/s port=5433 dbname=d"), "/tmp/s:5433/d");
  EXPECT_EQ(described("postgresql:///d?host=/cloudsql/project:region:name"), "/cloudsql/project:region:name:5432/d");
  EXPECT_EQ(described("postgresql:///d?host=@a:b"), "@a:b:5432/d");
  EXPECT_EQ(described("hostaddr=127.0.0.1 port=1 dbname=d"), "127.0.0.1:1/d");
  EXPECT_EQ(described("service=app"), "service app");
  EXPECT_EQ(described("host=h port=1 dbname='a\nb'"), "h:1/a%0Ab");
}

TEST(DatabaseUrl, DescribesWhatItLeavesOpenAsLibpqHasIt) {
  ASSERT_EQ(::setenv("PGHOST", "db.example", 1), 0);
  ASSERT_EQ(::setenv("PGPORT", "6543", 1), 0);
  ASSERT_EQ(::setenv("PGUSER", "me", 1), 0);
  EXPECT_EQ(DatabaseUrl::parse("postgresql://").host_description(), "db.example:6543/me");
  ASSERT_EQ(::setenv("PGDATABASE", "app", 1), 0);
  EXPECT_EQ(DatabaseUrl::parse("postgresql://").host_description(), "db.example:6543/app");
  EXPECT_EQ(DatabaseUrl::parse("postgresql://h/d").host_description(), "h:6543/d");
  for (const char* name : {"PGHOST", "PGPORT", "PGUSER", "PGDATABASE"})
    ::unsetenv(name);
  EXPECT_EQ(DatabaseUrl::parse("user=me").host_description(), "local socket:5432/me");
}

// The parameters are what PQconnectStartParams takes: a port that nothing listens on gives a refusal, not a complaint
// about the parameters.
TEST(DatabaseUrl, LibpqTakesTheParameters) {
  const auto url = DatabaseUrl::parse("postgresql+asyncpg://u:p@127.0.0.1:1/d?ssl=prefer&command_timeout=3");
  std::vector<const char*> names;
  std::vector<const char*> values;
  for (const auto& [keyword, value] : url.parameters()) {
    names.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection{PQconnectdbParams(names.data(), values.data(), 0),
                                                                &PQfinish};
  EXPECT_THAT(PQerrorMessage(connection.get()), HasSubstr("Connection refused"));
}

}  // namespace
}  // namespace slipway
