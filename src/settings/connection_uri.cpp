#include "settings/connection_uri.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>

#include <libpq-fe.h>

#include "base/nearest.h"
#include "base/text.h"
#include "error/error.h"
#include "settings/percent_encoding.h"

namespace slipway {
namespace {

using std::string;
using std::string_view;

constexpr auto encoding_hint =
    "percent-encode the characters @ / ? # % in the user and password as %40 %2F %3F %23 %25";

// The schemes that drivers and frameworks have for PostgreSQL.
constexpr std::array schemes{
    "postgresql",  "postgres",     "psql",     "pgsql",     // django-environ, Laravel, Doctrine
    "postgis",                                              // GeoDjango, Rails
    "timescale",   "timescalegis",                          // dj-database-url
    "ecto",                                                 // Phoenix
    "pgx",         "pgx4",         "pgx5",                  // golang-migrate
    "pdo-pgsql",   "pdo_pgsql",                             // Doctrine
    "asyncpg",     "psycopg",      "psycopg2", "psycopg3",  // Tortoise, peewee
    "postgresext",                                          // peewee
};

struct ForeignScheme {
  string_view name;
  const char* hint;
};

// Schemes that look similar but do not lead to a PostgreSQL server.
constexpr std::array foreign_schemes{
    ForeignScheme{"prisma",
                  "set MIGRATION_DATABASE_URL to the database's direct URL: prisma:// leads to Prisma's pooler, which "
                  "does not use PostgreSQL's protocol"},
    ForeignScheme{"jdbc:tc:",
                  "write jdbc:postgresql://host/database: jdbc:tc: is Testcontainers' scheme for test databases"},
};

constexpr string_view jdbc = "jdbc:postgresql:";

// Whether it is "jdbc:postgresql", "r2dbc:pool:postgresql" or similar, possibly with another Java program in between.
bool is_of_java(string_view scheme) {
  return scheme.starts_with("jdbc:") || scheme.starts_with("r2dbc:") || scheme.starts_with("r2dbcs:") ||
         scheme.starts_with("vertx-reactive:");
}

// The text before "://", if it has the form of a scheme (RFC 3986, 3.1) and is not too long to be one.
std::optional<string> scheme_of(string_view text) {
  const auto end = text.find("://");
  if (end == string_view::npos || end == 0 || end > 40) return std::nullopt;
  string scheme = to_lower(text.substr(0, end));
  const string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789+._-:";
  const string_view allowed = is_of_java(scheme) ? letters : letters.substr(0, letters.size() - 1);
  if (scheme.find_first_not_of(allowed) != string::npos) return std::nullopt;
  return scheme;
}

[[noreturn]] void throw_not_postgresql(const string& scheme, const string& base) {
  const auto* const foreign =
      std::ranges::find_if(foreign_schemes, [&](const ForeignScheme& row) { return scheme.starts_with(row.name); });
  const bool is_near = !did_you_mean(base, std::vector<string>{"postgresql", "postgres", "scratch"}).empty();
  // A password may follow a colon.
  const string quoted = scheme.find(':') == string::npos ? " \"" + scheme + "\"" : "";
  throw Error{ExitCode::bad_configuration, "the database URL's scheme" + quoted + " is not supported",
              foreign != foreign_schemes.end() ? foreign->hint
              : is_near                        ? "write postgresql:// instead"
                                               : uri_form};
}

Dialect dialect_of(const string& scheme) {
  const string innermost = scheme.substr(scheme.rfind(':') + 1);
  const string base = innermost.substr(0, innermost.find('+'));
  const bool is_known = std::ranges::find(schemes, string_view{base}) != schemes.end();
  if (!is_known || scheme.starts_with("jdbc:tc:")) throw_not_postgresql(scheme, base);
  if (is_of_java(scheme)) return Dialect::jdbc;
  return base == scheme ? Dialect::libpq : Dialect::sqlalchemy;
}

// Where the user's part ends, at its @; npos if there is none. libpq looks no further than the first
// slash.
std::size_t end_of_user(string_view rest, Dialect dialect) {
  const auto end = rest.find_first_of("@/");
  if (end == string_view::npos || rest[end] == '@') return end;
  const auto colon = rest.find(':');
  if (dialect == Dialect::sqlalchemy && colon < end) return rest.find('@');
  return string_view::npos;
}

string replace_all(string_view text, char from, string_view to) {
  string result;
  for (const char character : text) {
    if (character == from)
      result += to;
    else
      result += character;
  }
  return result;
}

struct Parts {
  string base;  // in libpq's form: scheme, user, hosts and database
  string_view query;
};

Parts split_parts(string_view rest, Dialect dialect) {
  string user;
  if (const auto at = end_of_user(rest, dialect); at != string_view::npos) {
    user = replace_all(rest.substr(0, at), '/', "%2F") + '@';
    rest.remove_prefix(at + 1);
  }
  const auto question = rest.find('?');
  const string_view place = rest.substr(0, question);
  if (place.find('@') != string_view::npos)
    throw Error{ExitCode::bad_configuration, "the database URL has an @ where a host or a database is expected",
                encoding_hint};
  return {"postgresql://" + user + string{place},
          question == string_view::npos ? string_view{} : rest.substr(question + 1)};
}

// libpq's own message is not used, because it quotes the text that libpq could not parse.
[[noreturn]] void throw_not_parsed(const string& base) {
  if (!percent_decode(base))
    throw Error{ExitCode::bad_configuration,
                "the database URL has a % that is not followed by two hexadecimal digits other than 00",
                "write a % in the user, password, host or database as %25"};
  if (base.find_first_of("[]") != string::npos)
    throw Error{ExitCode::bad_configuration, "the database URL has a bracket that is not around an IPv6 address",
                "write the address as [::1], and a bracket in the password as %5B or %5D"};
  throw Error{ExitCode::bad_configuration, "the database URL can't be parsed", encoding_hint};
}

std::map<string, string> parse_base(const string& base) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> list{PQconninfoParse(base.c_str(), nullptr),
                                                                          &PQconninfoFree};
  if (!list) throw_not_parsed(base);
  std::map<string, string> values;
  for (const PQconninfoOption* row = list.get(); row->keyword != nullptr; ++row)
    if (row->val != nullptr) values[row->keyword] = row->val;
  return values;
}

std::vector<QueryParameter> parse_query(string_view query, Dialect dialect) {
  std::vector<QueryParameter> parameters;
  while (!query.empty()) {
    const string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    auto equals = pair.find('=');
    // pgjdbc: "the mere presence of it" sets ssl.
    if (equals == string_view::npos && dialect == Dialect::jdbc) equals = pair.size();
    if (equals == string_view::npos || equals == 0)
      throw Error{ExitCode::bad_configuration, "the database URL's query has a part that is not name=value",
                  encoding_hint};
    const auto decoded = [dialect](string_view text) {
      return percent_decode(dialect == Dialect::libpq ? string{text} : replace_all(text, '+', " "));
    };
    const auto name = decoded(pair.substr(0, equals));
    const auto value = decoded(pair.substr(std::min(equals + 1, pair.size())));
    if (!name || !value)
      throw Error{ExitCode::bad_configuration,
                  "the database URL's query has a % that is not followed by two hexadecimal digits other than 00",
                  "write it as %25"};
    if (!value->empty())
      parameters.emplace_back(*name, *value);
    else if (dialect == Dialect::jdbc && *name == "ssl")
      parameters.emplace_back(*name, "true");
  }
  return parameters;
}

}  // namespace

bool is_uri(string_view text) {
  if (text.starts_with(jdbc)) return true;
  const auto end = text.find("://");
  return end != string_view::npos && text.substr(0, end).find_first_of("= \t\n") == string_view::npos;
}

LibpqParameters parse_connection_uri(string_view text) {
  // "jdbc:postgresql:database" and "jdbc:postgresql:/" leave out the host (pgjdbc: "Connecting to the Database").
  if (text.starts_with(jdbc) && !text.substr(jdbc.size()).starts_with("//")) {
    string_view database = text.substr(jdbc.size());
    if (database.starts_with('/')) database.remove_prefix(1);
    return parse_connection_uri(string{jdbc} + "///" + string{database});
  }
  const std::optional<string> scheme = scheme_of(text);
  if (!scheme) throw Error{ExitCode::bad_configuration, "the database URL's scheme is not supported", uri_form};
  const Dialect dialect = dialect_of(*scheme);
  const Parts parts = split_parts(text.substr(scheme->size() + 3), dialect);
  std::map<string, string> values = parse_base(parts.base);
  const auto unknown = parts.query.find('@') == string_view::npos ? UnknownName::quoted : UnknownName::withheld;
  LibpqParameters result = to_libpq(parse_query(parts.query, dialect), dialect, unknown);
  for (auto& [keyword, value] : result.parameters)
    values[keyword] = std::move(value);
  if (dialect == Dialect::jdbc && !values.contains("host")) values["host"] = "localhost";
  result.parameters.assign(values.begin(), values.end());
  return result;
}

}  // namespace slipway
