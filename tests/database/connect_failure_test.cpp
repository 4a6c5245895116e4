#include "database/connect_failure.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Case {
  const char* name;
  const char* message;  // as libpq words it
  Prospect prospect;
  ExitCode exit_code;
};

class ConnectFailures : public testing::TestWithParam<Case> {};

TEST_P(ConnectFailures, AreToldApart) {
  const ConnectFailure failure = classify_connect_failure(GetParam().message);
  EXPECT_EQ(failure.prospect, GetParam().prospect) << failure.reason;
  EXPECT_EQ(failure.exit_code, GetParam().exit_code) << failure.reason;
  EXPECT_THAT(failure.reason, Not(HasSubstr("\n")));
  EXPECT_EQ(failure.hint.empty(), failure.prospect == Prospect::not_yet);
}

INSTANTIATE_TEST_SUITE_P(
    Of, ConnectFailures,
    testing::Values(
        Case{"refused",
             "connection to server at \"db\" (10.0.0.1), port 5432 failed: Connection refused\n\tIs the server running "
             "on that host and accepting TCP/IP connections?\n",
             Prospect::not_yet, ExitCode::unavailable},
        Case{"no_socket",
             "connection to server on socket \"/run/postgresql/.s.PGSQL.5432\" failed: No such file or directory\n"
             "\tIs the server running locally and accepting connections on that socket?\n",
             Prospect::not_yet, ExitCode::unavailable},
        Case{"no_route", "connection to server at \"db\" (10.0.0.1), port 5432 failed: No route to host\n",
             Prospect::not_yet, ExitCode::unavailable},
        Case{"starting",
             "connection to server at \"db\" (10.0.0.1), port 5432 failed: FATAL:  57P03: the database system is "
             "starting up\nLOCATION:  ProcessStartupPacket, postmaster.c:2354\n",
             Prospect::not_yet, ExitCode::unavailable},
        Case{
            "starting_in_german",
            "connection to server at \"db\" (10.0.0.1), port 5432 failed: FATAL:  57P03: das Datenbanksystem startet\n",
            Prospect::not_yet, ExitCode::unavailable},
        Case{"full",
             "connection to server at \"db\" (10.0.0.1), port 5432 failed: FATAL:  53300: sorry, too many clients "
             "already\n",
             Prospect::not_yet, ExitCode::unavailable},
        Case{"wrong_password",
             "connection to server at \"db\" (10.0.0.1), port 5432 failed: FATAL:  28P01: password authentication "
             "failed for user \"app\"\nLOCATION:  auth_failed, auth.c:335\n",
             Prospect::perhaps, ExitCode::access_refused},
        Case{"wrong_password_in_french",
             "connection to server at \"db\" (10.0.0.1), port 5432 failed: FATAL:  28P01: authentification par mot de "
             "passe échouée pour l'utilisateur « app »\n",
             Prospect::perhaps, ExitCode::access_refused},
        Case{
            "not_in_pg_hba",
            "connection to server at \"db\" (10.0.0.1), port 5432 failed: FATAL:  28000: no pg_hba.conf entry for host "
            "\"10.0.0.2\", user \"app\", database \"app\", no encryption\n",
            Prospect::perhaps, ExitCode::access_refused},
        Case{"no_database",
             "connection to server at \"db\" (10.0.0.1), port 5432 failed: FATAL:  3D000: database \"app\" does not "
             "exist\n",
             Prospect::perhaps, ExitCode::unavailable},
        Case{"no_right_to_connect",
             "connection to server at \"db\" (10.0.0.1), port 5432 failed: FATAL:  42501: permission denied for "
             "database \"app\"\nDETAIL:  User does not have CONNECT privilege.\n",
             Prospect::perhaps, ExitCode::access_refused},
        Case{"unknown_parameter",
             "connection to server at \"db\" (10.0.0.1), port 5432 failed: FATAL:  42704: unrecognized configuration "
             "parameter \"serach_path\"\n",
             Prospect::never, ExitCode::bad_configuration},
        Case{"bad_parameter_value",
             "connection to server at \"db\" (10.0.0.1), port 5432 failed: FATAL:  22023: invalid value for parameter "
             "\"work_mem\": \"much\"\n",
             Prospect::never, ExitCode::bad_configuration},
        Case{"certificate_of_another_authority",
             "connection to server at \"db\" (10.0.0.1), port 5432 failed: SSL error: certificate verify failed\n",
             Prospect::never, ExitCode::bad_configuration},
        Case{"certificate_of_another_host",
             "connection to server at \"db\" (10.0.0.1), port 5432 failed: server certificate for \"other\" does not "
             "match host name \"db\"\n",
             Prospect::never, ExitCode::bad_configuration},
        Case{"no_tls",
             "connection to server at \"db\" (10.0.0.1), port 5432 failed: server does not support SSL, but SSL was "
             "required\n",
             Prospect::never, ExitCode::bad_configuration},
        Case{"no_root_certificate",
             "connection to server at \"db\" (10.0.0.1), port 5432 failed: root certificate file "
             "\"/root/.postgresql/root.crt\" does not exist\nEither provide the file or change sslmode to disable "
             "server certificate verification.\n",
             Prospect::never, ExitCode::bad_configuration},
        Case{"bad_sslmode", "invalid sslmode value: \"requir\"\n", Prospect::never, ExitCode::bad_configuration},
        Case{"user_without_a_name", "local user with ID 1000660000 does not exist", Prospect::never,
             ExitCode::bad_configuration},
        Case{"no_such_service", "definition of service \"app\" not found\n", Prospect::never,
             ExitCode::bad_configuration},
        Case{"no_service_file", "service file \"/none\" not found\n", Prospect::never, ExitCode::bad_configuration},
        Case{"bad_address", "could not parse network address \"db\": Name or service not known\n", Prospect::never,
             ExitCode::bad_configuration},
        Case{"no_authorities",
             "connection to server at \"db\" (10.0.0.1), port 5432 failed: root certificate file "
             "\"/etc/ssl/certs/ca-certificates.crt\" does not exist\nEither provide the file or change sslmode to "
             "disable server certificate verification.\n",
             Prospect::never, ExitCode::bad_configuration},
        Case{"bad_port", "invalid port number: \"99999\"\n", Prospect::never, ExitCode::bad_configuration},
        Case{"no_password",
             "connection to server at \"db\" (10.0.0.1), port 5432 failed: fe_sendauth: no password supplied\n",
             Prospect::never, ExitCode::access_refused}),
    [](const auto& of) { return std::string{of.param.name}; });

// libpq goes from one address to the next; where it stopped is what counts.
TEST(ConnectFailure, OfSeveralAddressesTheLastAnswerDecides) {
  const ConnectFailure failure = classify_connect_failure(
      "connection to server at \"db\" (10.0.0.1), port 5432 failed: FATAL:  57P03: the database system is starting up\n"
      "connection to server at \"db\" (10.0.0.2), port 5432 failed: FATAL:  28P01: password authentication failed\n");
  EXPECT_EQ(failure.prospect, Prospect::perhaps);
}

// A verdict on the password or the database is that of all addresses of a name: one service answers at them.
TEST(ConnectFailure, OfTheAddressesOfOneNameTheOneWithAVerdictSpeaksForAll) {
  const ConnectFailure away{.reason = "a: Connection refused", .hint = {}};
  const ConnectFailure refused{
      .prospect = Prospect::perhaps, .exit_code = ExitCode::access_refused, .reason = "b: wrong password", .hint = "b"};
  const std::vector failures{away, refused};
  const ConnectFailure all = of_all_addresses(failures);
  EXPECT_EQ(all.prospect, Prospect::perhaps);
  EXPECT_EQ(all.exit_code, ExitCode::access_refused);
  EXPECT_EQ(all.reason, "a: Connection refused; b: wrong password");
  EXPECT_EQ(all.hint, "b");
}

// PgBouncer's words, before and from 1.20 on, and Neon's.
TEST(ConnectFailure, APoolerThatRefusesAParameterIsNotWaitedFor) {
  const std::string begin = "connection to server at \"db\" (10.0.0.1), port 6432 failed: FATAL:  08P01: ";
  for (const char* words :
       {"unsupported startup parameter: options\n", "unsupported startup parameter in options: search_path\n",
        "connection is in pooled mode; unsupported startup parameter in options: search_path. "
        "Please use unpooled connection\n"}) {
    const ConnectFailure failure = classify_connect_failure(begin + words);
    EXPECT_EQ(failure.prospect, Prospect::never) << words;
    EXPECT_EQ(failure.exit_code, ExitCode::bad_configuration) << words;
    EXPECT_TRUE(failure.refuses_options) << words;
  }
  const ConnectFailure other = classify_connect_failure(begin + "unsupported startup parameter: geqo\n");
  EXPECT_FALSE(other.refuses_options);
  EXPECT_THAT(other.hint, HasSubstr("\"geqo\""));
  // Of all else that a pooler says under that SQLSTATE nothing is known.
  EXPECT_EQ(classify_connect_failure(begin + "server login has been failing, try again later\n").prospect,
            Prospect::not_yet);
}

TEST(ConnectFailure, AnAddressThatDoesNotAnswerIsNamedWithTheTimeItHad) {
  using namespace std::chrono_literals;
  EXPECT_EQ(no_answer("db (10.0.0.1):5432", {.time = 10s, .connect_timeout = 10s}).reason,
            "db (10.0.0.1):5432: no answer within the connect timeout of 10000 ms");
  EXPECT_EQ(no_answer("db (10.0.0.1):5432", {.time = 2s, .connect_timeout = 10s}).reason,
            "db (10.0.0.1):5432: no answer within 2000 ms, its share of the wait");
}

TEST(ConnectFailure, TheReasonIsOneLineWithoutTheServersSourceCode) {
  const ConnectFailure failure = classify_connect_failure(
      "connection to server at \"db\" (10.0.0.1), port 5432 failed: FATAL:  57P03: the database system is starting up\n"
      "LOCATION:  ProcessStartupPacket, postmaster.c:2354\n");
  EXPECT_EQ(failure.reason,
            "connection to server at \"db\" (10.0.0.1), port 5432 failed: FATAL: the database system is starting up");
}

TEST(ConnectFailure, AStandbyMayBePromoted) {
  const ConnectFailure failure = standby_refused("db:5432");
  EXPECT_EQ(failure.prospect, Prospect::not_yet);
  EXPECT_EQ(failure.exit_code, ExitCode::unavailable);
  EXPECT_THAT(failure.reason, HasSubstr("db:5432 is a standby"));
}

}  // namespace
}  // namespace slipway
