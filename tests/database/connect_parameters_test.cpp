#include "database/connect_parameters.h"

#include <cstdlib>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture/temp_folder.h"

namespace slipway {
namespace {

// The variables that libpq has for a test's time.
class Variables {
 public:
  Variables(std::initializer_list<std::pair<const char*, std::string>> variables) {
    for (const auto& [name, value] : variables) {
      ::setenv(name, value.c_str(), 1);
      names_.emplace_back(name);
    }
  }
  ~Variables() {
    for (const std::string& name : names_)
      ::unsetenv(name.c_str());
  }
  Variables(const Variables&) = delete;
  Variables& operator=(const Variables&) = delete;

 private:
  std::vector<std::string> names_;
};

ConnectParameters parameters_of(const char* url) {
  return connect_parameters(DatabaseUrl::parse(url));
}

TEST(ConnectionString, QuotesWhatHasToBe) {
  EXPECT_EQ(connection_string({{"password", "it's a \\"}, {"dbname", "a=b"}}), R"(password='it\'s a \\' dbname='a=b')");
  EXPECT_EQ(connection_string({{"options", ""}}), "options=''");
}

TEST(ConnectParameters, AreTheUrlsWithSlipwaysOwn) {
  const ConnectParameters parameters = parameters_of("postgresql://u@h/d?keepalives_idle=40");
  EXPECT_EQ(value_of(parameters, "host"), "h");
  EXPECT_EQ(value_of(parameters, "keepalives_idle"), "40");
  EXPECT_EQ(value_of(parameters, "keepalives_interval"), "5");
  EXPECT_EQ(value_of(parameters, "fallback_application_name"), "slipway");
}

// Migrations are files in UTF-8; the application's encoding is its own.
TEST(ConnectParameters, SpeakUtf8WhateverTheUrlSays) {
  EXPECT_EQ(value_of(parameters_of("postgresql://h/d?client_encoding=latin1"), "client_encoding"), "UTF8");
}

TEST(ConnectParameters, HaveTheHostsThatTheVariablesName) {
  const Variables variables{{"PGHOST", "a,b"}, {"PGPORT", "1,2"}};
  EXPECT_EQ(value_of(parameters_of("dbname=d"), "host"), "a,b");
  EXPECT_EQ(value_of(parameters_of("dbname=d"), "port"), "1,2");
  EXPECT_EQ(value_of(parameters_of("host=h port=3"), "host"), "h");
  EXPECT_EQ(value_of(parameters_of("hostaddr=10.0.0.1"), "host"), "");
}

TEST(ConnectParameters, HaveWhatAServiceSaysBeforeTheVariables) {
  const fixture::TempFolder folder;
  const std::string file = folder.write("services", "[app]\nhost=a,b\nport=1,2\ntarget_session_attrs=read-write\n");
  const Variables variables{{"PGSERVICEFILE", file}, {"PGHOST", "c"}};
  const ConnectParameters named = parameters_of("service=app port=3");
  EXPECT_EQ(value_of(named, "host"), "a,b");
  EXPECT_EQ(value_of(named, "port"), "3");
  EXPECT_EQ(value_of(named, "target_session_attrs"), "read-write");
  EXPECT_EQ(value_of(named, "password"), "");
  const Variables service{{"PGSERVICE", "app"}};
  EXPECT_EQ(value_of(parameters_of("dbname=d"), "host"), "a,b");
}

// libpq says so when it connects.
TEST(ConnectParameters, AServiceThatIsNotThereIsLeftForLibpqToRefuse) {
  const Variables variables{{"PGSERVICEFILE", "/none"}};
  EXPECT_EQ(value_of(parameters_of("service=app"), "service"), "app");
}

}  // namespace
}  // namespace slipway
