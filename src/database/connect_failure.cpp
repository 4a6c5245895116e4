#include "database/connect_failure.h"

#include <algorithm>
#include <array>
#include <optional>
#include <regex>
#include <vector>

#include "database/server_error.h"

namespace slipway {
namespace {

struct SqlstateRule {
  std::string_view prefix;  // of the SQLSTATE: a class of two characters or all five
  Prospect prospect;
  ExitCode exit_code;
  std::string_view hint;
};

constexpr std::string_view bad_setting = "correct the setting in the database URL, in PGOPTIONS or in the service file";

// The first match decides.
constexpr std::array sqlstate_rules{
    SqlstateRule{sqlstate::invalid_password, Prospect::perhaps, ExitCode::access_refused,
                 "check the user and the password in the database URL"},
    SqlstateRule{"28", Prospect::perhaps, ExitCode::access_refused,
                 "check the role and the server's pg_hba.conf, which decides who may connect from where and how"},
    SqlstateRule{sqlstate::invalid_catalog_name, Prospect::perhaps, ExitCode::unavailable,
                 "create the database first, or correct its name in the database URL"},
    SqlstateRule{sqlstate::insufficient_privilege, Prospect::perhaps, ExitCode::access_refused,
                 "grant the role CONNECT on the database, and the privileges for the settings in the database URL"},
    SqlstateRule{sqlstate::undefined_object, Prospect::never, ExitCode::bad_configuration, bad_setting},
    SqlstateRule{sqlstate::invalid_parameter_value, Prospect::never, ExitCode::bad_configuration, bad_setting},
    SqlstateRule{"", Prospect::not_yet, ExitCode::unavailable, ""},
};

struct TextRule {
  std::string_view text;  // from libpq or OpenSSL
  ExitCode exit_code;
  std::string_view hint;
  Prospect prospect = Prospect::never;
};

constexpr std::string_view client_certificate_refused =
    "check whether the certificate in sslcert has expired or was revoked";
constexpr std::string_view name_the_primary = "name the primary in the database URL, or all hosts: host=a,b";

// Messages that libpq writes itself: about settings that can't work, certificates that can't be verified, and servers
// that do not match target_session_attrs.
constexpr std::array text_rules{
    TextRule{"certificate verify failed", ExitCode::bad_configuration,
             "set sslrootcert to the root certificate of the authority that signed the server's certificate"},
    TextRule{"does not match host name", ExitCode::bad_configuration,
             "use the host name in the server's certificate, which sslmode=verify-full requires"},
    TextRule{"server does not support SSL", ExitCode::bad_configuration,
             "enable TLS on the server, or choose another sslmode"},
    TextRule{"\"/etc/ssl/certs/ca-certificates.crt\" does not exist", ExitCode::bad_configuration,
             "install the system's root certificates (Debian: ca-certificates), or name a file in SSL_CERT_FILE or "
             "sslrootcert"},
    TextRule{"certificate file", ExitCode::bad_configuration,
             "set sslrootcert and sslcert to readable files, or choose another sslmode"},
    TextRule{"private key file", ExitCode::bad_configuration, "set sslkey to a file that only its owner can read"},
    TextRule{"alert unknown ca", ExitCode::bad_configuration,
             "use a certificate in sslcert that is signed by an authority in the server's ssl_ca_file"},
    TextRule{"alert bad certificate", ExitCode::bad_configuration, client_certificate_refused},
    TextRule{"alert certificate", ExitCode::bad_configuration, client_certificate_refused},
    TextRule{"channel binding", ExitCode::bad_configuration,
             "channel_binding=require needs TLS and SCRAM at the server"},
    TextRule{" value: \"", ExitCode::bad_configuration, "correct that value in the database URL"},
    TextRule{"invalid integer value", ExitCode::bad_configuration, "correct that value in the database URL"},
    TextRule{"invalid port number", ExitCode::bad_configuration, "correct the port in the database URL"},
    TextRule{"could not match", ExitCode::bad_configuration, "give one port, or as many ports as hosts"},
    TextRule{"local user", ExitCode::bad_configuration, "name the user in the database URL, or in PGUSER"},
    TextRule{"service \"", ExitCode::bad_configuration,
             "correct the service's name in the database URL or in PGSERVICE, or name its file in PGSERVICEFILE"},
    TextRule{"service file", ExitCode::bad_configuration, "correct the file, or name another one in PGSERVICEFILE"},
    TextRule{"could not parse network address", ExitCode::bad_configuration,
             "write hostaddr as an address, and a name in host"},
    TextRule{"requirepeer", ExitCode::bad_configuration, "set requirepeer to the user that the server runs as"},
    TextRule{"is too long", ExitCode::bad_configuration,
             "use a shorter path: the path of a socket has at most 107 bytes"},
    TextRule{"no password supplied", ExitCode::access_refused,
             "put the password into the database URL, PGPASSWORD or a password file"},
    TextRule{"server is in hot standby mode", ExitCode::unavailable, name_the_primary, Prospect::not_yet},
    TextRule{"session is read-only", ExitCode::unavailable,
             "name the primary instead of a standby, and use a role that is not read-only by default: "
             "target_session_attrs=read-write needs both",
             Prospect::not_yet},
};

// With PQERRORS_VERBOSE a line reads "FATAL:  28P01: password authentication failed"; the text before it
// depends on the server's language. The last one is from the attempt after which libpq gave up.
std::optional<std::string> last_sqlstate(const std::string& message) {
  static const std::regex pattern{R"(:  ([0-9A-Z]{5}): )"};
  std::optional<std::string> last;
  for (auto match = std::sregex_iterator{message.begin(), message.end(), pattern}; match != std::sregex_iterator{};
       ++match)
    last = (*match)[1].str();
  return last;
}

// Handles a parameter that a pooler does not pass on to its servers: "unsupported startup parameter: geqo" (PgBouncer,
// Neon), or for a setting in `options` "unsupported startup parameter in options: search_path". The SQLSTATE does not
// help: PgBouncer uses the same one for most errors.
void add_refused_parameter(ConnectFailure& failure, const std::string& message) {
  static const std::regex pattern{R"(unsupported startup parameter( in options)?: ([A-Za-z0-9_.]+))"};
  std::smatch found;
  if (!std::regex_search(message, found, pattern)) return;
  const std::string name = found[1].matched ? "options" : found[2].str();
  failure.prospect = Prospect::never;
  failure.exit_code = ExitCode::bad_configuration;
  failure.refuses_options = name == "options";
  failure.hint = "remove the parameter \"" + name +
                 "\", which the connection pooler refuses, from the database URL, the service file and the PG* "
                 "variables, or have the pooler ignore it (PgBouncer: ignore_startup_parameters)";
}

// libpq's lines joined into one, without the SQLSTATE, the server's source locations and "Is the server running …?".
std::string one_line(const std::string& message) {
  static const std::regex noise{R"(\n(LOCATION|\tIs the server running)[^\n]*)"};
  static const std::regex state{R"(:  [0-9A-Z]{5}: )"};
  std::string text = std::regex_replace(std::regex_replace(message, noise, ""), state, ": ");
  while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
    text.pop_back();
  return std::regex_replace(text, std::regex{R"(\s*\n\s*)"}, "; ");
}

}  // namespace

ConnectFailure classify_connect_failure(std::string_view text) {
  const std::string message{text};
  ConnectFailure failure{.reason = one_line(message), .hint = {}};
  if (const auto state = last_sqlstate(message)) {
    const auto* const rule = std::ranges::find_if(
        sqlstate_rules, [&](const SqlstateRule& candidate) { return state->starts_with(candidate.prefix); });
    failure.prospect = rule->prospect;
    failure.exit_code = rule->exit_code;
    failure.hint = rule->hint;
    add_refused_parameter(failure, message);
    return failure;
  }
  for (const TextRule& rule : text_rules) {
    if (message.find(rule.text) == std::string::npos) continue;
    failure.prospect = rule.prospect;
    failure.exit_code = rule.exit_code;
    failure.hint = rule.hint;
    break;
  }
  return failure;
}

ConnectFailure setting_refused(std::string_view sqlstate, std::string_view message) {
  return {.prospect = Prospect::never,
          .exit_code =
              sqlstate == sqlstate::insufficient_privilege ? ExitCode::access_refused : ExitCode::bad_configuration,
          .reason = one_line(std::string{message}),
          .hint = std::string{bad_setting}};
}

ConnectFailure no_answer(std::string_view host, const Patience& patience) {
  const std::string time = std::to_string(patience.time.count()) + " ms";
  return {.reason = std::string{host} + ": no answer within " +
                    (patience.time == patience.connect_timeout ? "the connect timeout of " + time
                                                               : time + ", its share of the wait"),
          .hint = "check the host, the port, and the firewalls in between"};
}

ConnectFailure of_all_addresses(std::span<const ConnectFailure> failures) {
  const auto decides = [](const ConnectFailure& failure) { return failure.prospect != Prospect::not_yet; };
  const auto decisive = std::ranges::find_if(failures, decides);
  ConnectFailure all = decisive == failures.end() ? failures.front() : *decisive;
  all.reason.clear();
  for (const ConnectFailure& failure : failures)
    all.reason += (all.reason.empty() ? "" : "; ") + failure.reason;
  return all;
}

ConnectFailure standby_refused(std::string_view host) {
  return {.prospect = Prospect::not_yet,
          .exit_code = ExitCode::unavailable,
          .reason = std::string{host} + " is a standby in recovery, and migrations need the primary",
          .hint = std::string{name_the_primary}};
}

ConnectFailure standby_wanted(std::string_view target_session_attrs) {
  return {.prospect = Prospect::never,
          .exit_code = ExitCode::bad_configuration,
          .reason = "target_session_attrs=" + std::string{target_session_attrs} +
                    " asks for a standby, and migrations need the primary",
          .hint = "leave it out, or set MIGRATION_DATABASE_URL to a separate URL for slipway"};
}

}  // namespace slipway
