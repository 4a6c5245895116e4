#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caught.h"
#include "fixture/temp_folder.h"
#include "settings/database_url.h"
#include "settings/driver_parameters.h"

// The URLs of drivers and frameworks, as their documentation has them.

namespace slipway {
namespace {

using testing::HasSubstr;

std::string keywords(const DatabaseUrl& url) {
  std::string text;
  for (const auto& [keyword, value] : url.parameters())
    text.append(text.empty() ? "" : " ").append(keyword).append("=").append(value);
  return text;
}

struct Form {
  const char* text;
  const char* keywords;
};

class DriverUrl : public testing::TestWithParam<Form> {};

TEST_P(DriverUrl, BecomesLibpqKeywords) {
  const auto url = DatabaseUrl::parse(GetParam().text);
  EXPECT_EQ(keywords(url), GetParam().keywords);
  EXPECT_EQ(DatabaseUrl::parse(url.to_uri()), url);
}

INSTANTIATE_TEST_SUITE_P(
    Schemes, DriverUrl,
    testing::Values(Form{"postgis://u:p@h:1/d", "dbname=d host=h password=p port=1 user=u"},
                    Form{"pgsql://u:p@h:1/d", "dbname=d host=h password=p port=1 user=u"},
                    Form{"psql://h/d", "dbname=d host=h"}, Form{"ecto://u:p@h/d", "dbname=d host=h password=p user=u"},
                    Form{"timescale://h/d", "dbname=d host=h"}, Form{"timescalegis://h/d", "dbname=d host=h"},
                    Form{"pgx5://h/d", "dbname=d host=h"}, Form{"pdo-pgsql://h/d", "dbname=d host=h"},
                    Form{"asyncpg://h/d", "dbname=d host=h"}, Form{"postgresext+pool://h/d", "dbname=d host=h"},
                    Form{"postgis+psycopg2://h/d", "dbname=d host=h"}, Form{"PostGIS://h/d", "dbname=d host=h"}));

INSTANTIATE_TEST_SUITE_P(
    Java, DriverUrl,
    testing::Values(Form{"jdbc:postgresql://h:1/d?user=u&password=p", "dbname=d host=h password=p port=1 user=u"},
                    Form{"jdbc:postgresql://a:1,b:2/d?targetServerType=primary",
                         "dbname=d host=a,b port=1,2 target_session_attrs=primary"},
                    Form{"jdbc:postgresql://h/d?targetServerType=preferSecondary",
                         "dbname=d host=h target_session_attrs=prefer-standby"},
                    Form{"jdbc:postgresql:d", "dbname=d host=localhost"}, Form{"jdbc:postgresql:/", "host=localhost"},
                    Form{"jdbc:postgresql:d?user=u", "dbname=d host=localhost user=u"},
                    Form{"jdbc:postgresql:///d", "dbname=d host=localhost"},
                    Form{"jdbc:otel:postgresql://h/d", "dbname=d host=h"},
                    Form{"r2dbc:pool:postgresql://u:p@h/d?sslMode=VERIFY_FULL&schema=app",
                         "dbname=d host=h options=-c search_path=app password=p sslmode=verify-full user=u"},
                    Form{"vertx-reactive:postgresql://h/d", "dbname=d host=h"},
                    Form{"jdbc:postgresql://h/d?currentSchema=app,public&ApplicationName=my+app",
                         "application_name=my app dbname=d host=h options=-c search_path=app,public"}));

INSTANTIATE_TEST_SUITE_P(
    AdoNet, DriverUrl,
    testing::Values(Form{"Host=h;Port=1;Database=d;Username=u;Password=p", "dbname=d host=h password=p port=1 user=u"},
                    Form{"Server=h; Database=d; User Id=u; Pwd='a;b''c'; SSL Mode=VerifyFull;",
                         "dbname=d host=h password=a;b'c sslmode=verify-full user=u"},
                    Form{"Host=a:1,b:2;Database=d;Target Session Attributes=prefer-standby",
                         "dbname=d host=a,b port=1,2 target_session_attrs=prefer-standby"},
                    Form{"host=h;database=d;Search Path=tenant1;Maximum Pool Size=50;Command Timeout=30",
                         "dbname=d host=h options=-c search_path=tenant1"},
                    Form{"Host=h;Password=\"a=b c\";Username=u", "host=h password=a=b c user=u"},
                    Form{"host=h password=a;port=1", "host=h password=a;port=1"},
                    Form{"host=h password='a;b' user=u", "host=h password=a;b user=u"}));

// pgjdbc's ssl=true verifies the server's certificate and name, that of others need not.
INSTANTIATE_TEST_SUITE_P(
    JavaTls, DriverUrl,
    testing::Values(Form{"jdbc:postgresql://h/d?ssl=true", "dbname=d host=h sslmode=verify-full"},
                    Form{"jdbc:postgresql://h/d?ssl", "dbname=d host=h sslmode=verify-full"},
                    Form{"jdbc:postgresql://h/d?ssl=false", "dbname=d host=h sslmode=disable"},
                    Form{"jdbc:postgresql://h/d?ssl=true&sslmode=require", "dbname=d host=h sslmode=require"},
                    Form{"jdbc:postgresql://h/d?ssl=true&sslfactory=org.postgresql.ssl.NonValidatingFactory",
                         "dbname=d host=h sslmode=require"},
                    Form{"jdbc:postgresql://h/d?ssl=true&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory",
                         "dbname=d host=h sslmode=verify-full sslrootcert=system"},
                    Form{"postgresql://h/d?ssl=true", "dbname=d host=h sslmode=require"}));

// Where the tables are to be is never left out.
INSTANTIATE_TEST_SUITE_P(
    SearchPath, DriverUrl,
    testing::Values(Form{"postgresql://h/d?schema=tenant1", "dbname=d host=h options=-c search_path=tenant1"},
                    Form{"postgresql://h/d?schema=Tenant-1", "dbname=d host=h options=-c search_path=\"Tenant-1\""},
                    Form{"postgresql://h/d?search_path=a,b", "dbname=d host=h options=-c search_path=a,b"},
                    Form{"postgresql://h/d?schema_search_path=a", "dbname=d host=h options=-c search_path=a"},
                    Form{"postgresql://h/d?currentSchema=a", "dbname=d host=h options=-c search_path=a"},
                    Form{"postgresql://h/d?options[search_path]=a", "dbname=d host=h options=-c search_path=a"},
                    Form{"postgresql://h/d?options=-csearch_path%3Da", "dbname=d host=h options=-csearch_path=a"}));

INSTANTIATE_TEST_SUITE_P(
    Settings, DriverUrl,
    testing::Values(Form{"postgresql://h/d?assume_role=owner", "dbname=d host=h options=-c role=owner"},
                    Form{"postgresql://h/d?TimeZone=UTC", "dbname=d host=h options=-c timezone=UTC"},
                    Form{"postgresql://h/d?default_tablespace=fast",
                         "dbname=d host=h options=-c default_tablespace=fast"},
                    Form{"postgresql://h/d?app.tenant=7", "dbname=d host=h options=-c app.tenant=7"}));

INSTANTIATE_TEST_SUITE_P(
    Frameworks, DriverUrl,
    testing::Values(Form{"postgresql://app:p@127.0.0.1:5432/app?serverVersion=16&charset=utf8",
                         "dbname=app host=127.0.0.1 password=p port=5432 user=app"},
                    Form{"postgres://u@/d?socket=/run/postgresql", "dbname=d host=/run/postgresql user=u"},
                    Form{"ecto://u:p@localhost/d?ssl=true&pool_size=10&socket_dir=/run/postgresql",
                         "dbname=d host=/run/postgresql password=p sslmode=require user=u"},
                    Form{"postgresql://h/d?sslmode=require&sslaccept=strict",
                         "dbname=d host=h sslmode=verify-full sslrootcert=system"},
                    Form{"postgresql://h/d?sslmode=require&sslaccept=strict&sslcert=/ca.pem",
                         "dbname=d host=h sslmode=verify-full sslrootcert=/ca.pem"},
                    Form{"postgresql://h/d?sslmode=require&sslaccept=accept_invalid_certs&sslcert=/ca.pem",
                         "dbname=d host=h sslmode=require"},
                    Form{"postgresql://h/d?sslcertmode=allow&load_balance_hosts=random&sslnegotiation=direct",
                         "dbname=d host=h"}));

// asyncpg and Postgrex take the socket itself, libpq its folder and port.
INSTANTIATE_TEST_SUITE_P(
    SocketFiles, DriverUrl,
    testing::Values(
        Form{"postgresql+asyncpg://u@/d?host=/cloudsql/project:region:name/.s.PGSQL.5432",
             "dbname=d host=/cloudsql/project:region:name port=5432 user=u"},
        Form{"postgresql://%2Frun%2Fpostgresql%2F.s.PGSQL.5433/d", "dbname=d host=/run/postgresql port=5433"},
        Form{"host=/run/postgresql/.s.PGSQL.5433 dbname=d", "dbname=d host=/run/postgresql port=5433"},
        Form{"postgresql:///d?host=/run/postgresql/.s.PGSQL.5433&port=1", "dbname=d host=/run/postgresql port=5433"},
        Form{"postgresql:///d?host=/a/.s.PGSQL.1,h:2", "dbname=d host=/a,h port=1,2"},
        Form{"ecto:///d?socket=/run/postgresql/.s.PGSQL.5433", "dbname=d host=/run/postgresql port=5433"},
        Form{"postgresql:///d?host=/a/.s.PGSQL.5432.lock", "dbname=d host=/a/.s.PGSQL.5432.lock"}));

// What asks for more safety than slipway's libpq can give is not left out.
TEST(DriverUrl, WhatCannotBeKeptToIsRefused) {
  for (const char* query :
       {"require_auth=scram-sha-256", "requireAuth=scram-sha-256", "sslcertmode=require", "scram_client_key=x",
        "oauth_issuer=https://x", "sslinline=true", "servicefile=/x", "socketFactory=com.google.Factory"}) {
    const Error error = caught([&] { DatabaseUrl::parse(std::string{"postgresql://h/d?"} + query); });
    EXPECT_EQ(error.exit_code(), ExitCode::bad_configuration) << query;
    EXPECT_THAT(error.message(), HasSubstr("is not supported")) << query;
    EXPECT_FALSE(error.hint().empty()) << query;
  }
}

TEST(DriverUrl, PassesItsSettingsOnToTheOneThatHasNone) {
  const auto pooled = DatabaseUrl::parse("postgresql://pooler/d?options=endpoint%3Dep-1&search_path=tenant%201");
  const auto direct = DatabaseUrl::parse("postgresql://h/d");
  EXPECT_EQ(direct.with_settings_of(pooled).parameter("options"), "-c search_path=tenant\\ 1");
  EXPECT_EQ(direct.with_settings_of(direct), direct);
  const auto own = DatabaseUrl::parse("postgresql://h/d?search_path=other");
  EXPECT_EQ(own.with_settings_of(pooled), own);
}

TEST(DriverParameters, AreEachNamedOnce) {
  std::set<std::string> names;
  for (const std::string& name : driver_parameter_names())
    EXPECT_TRUE(names.insert(name).second) << name;
}

TEST(DriverParameters, AreFoundInAnyCase) {
  ASSERT_NE(driver_parameter("CONN_MAX_AGE"), nullptr);
  EXPECT_EQ(driver_parameter("conn_max"), nullptr);
  EXPECT_EQ(driver_parameter(""), nullptr);
}

TEST(DatabaseUrlsPage, NamesEachParameter) {
  const std::string page = fixture::read_file(SLIPWAY_URLS_PAGE);
  for (const std::string& name : driver_parameter_names())
    EXPECT_NE(page.find("`" + name + "`"), std::string::npos) << name;
}

}  // namespace
}  // namespace slipway
