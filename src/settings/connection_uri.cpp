#include "settings/connection_uri.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include <libpq-fe.h>

#include "base/nearest.h"
#include "error/error.h"
#include "settings/percent_encoding.h"

namespace slipway {
namespace {

using std::string;
using std::string_view;

constexpr auto encoding_hint = "write the characters @ / ? # % of user and password as %40 %2F %3F %23 %25";

enum class Dialect { libpq, sqlalchemy };

string lower(string_view text) {
  string result{text};
  std::ranges::transform(result, result.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  return result;
}

// What stands before "://", where it has the form of a scheme (RFC 3986, 3.1), if not too long to be one.
std::optional<string> scheme_of(string_view text) {
  const auto end = text.find("://");
  if (end == string_view::npos || end == 0 || end > 40) return std::nullopt;
  string scheme = lower(text.substr(0, end));
  if (scheme.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+._-") != string::npos) return std::nullopt;
  return scheme;
}

Dialect dialect_of(const string& scheme) {
  const string base = scheme.substr(0, scheme.find('+'));
  if (base == "postgresql" || base == "postgres") return base == scheme ? Dialect::libpq : Dialect::sqlalchemy;
  throw Error{ExitCode::bad_configuration, "the database URL's scheme \"" + scheme + "\" is not PostgreSQL's",
              did_you_mean(base, std::vector<string>{"postgresql", "postgres", "scratch"}).empty()
                  ? "write postgresql://user:password@host:5432/database"
                  : "write postgresql:// in its place"};
}

// Where the user's part ends, at its @; npos where there is none. libpq looks no further than the first
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
  string base;  // in libpq's form: scheme, user, hosts, database
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

// libpq's own message quotes the text that it could not read.
[[noreturn]] void throw_not_parsed(const string& base) {
  if (!percent_decode(base))
    throw Error{ExitCode::bad_configuration,
                "the database URL has a % that two hexadecimal digits (other than 00) do not follow",
                "write a % of user, password, host or database as %25"};
  if (base.find_first_of("[]") != string::npos)
    throw Error{ExitCode::bad_configuration, "the database URL has a bracket that is not around an IPv6 address",
                "write the address as [::1], and a bracket of the password as %5B or %5D"};
  throw Error{ExitCode::bad_configuration, "the database URL can't be read", encoding_hint};
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
    const auto equals = pair.find('=');
    if (equals == string_view::npos || equals == 0)
      throw Error{ExitCode::bad_configuration, "the database URL's query has a part that is not name=value",
                  encoding_hint};
    const auto decoded = [dialect](string_view text) {
      return percent_decode(dialect == Dialect::sqlalchemy ? replace_all(text, '+', " ") : string{text});
    };
    const auto name = decoded(pair.substr(0, equals));
    const auto value = decoded(pair.substr(equals + 1));
    if (!name || !value)
      throw Error{ExitCode::bad_configuration,
                  "the database URL's query has a % that two hexadecimal digits (other than 00) do not follow",
                  "write it as %25"};
    if (!value->empty()) parameters.emplace_back(*name, *value);
  }
  return parameters;
}

}  // namespace

bool is_uri(string_view text) {
  const auto end = text.find("://");
  return end != string_view::npos && text.substr(0, end).find_first_of("= \t\n") == string_view::npos;
}

LibpqParameters parse_connection_uri(string_view text) {
  const std::optional<string> scheme = scheme_of(text);
  if (!scheme)
    throw Error{ExitCode::bad_configuration, "the database URL's scheme is not PostgreSQL's",
                "write postgresql://user:password@host:5432/database"};
  const Dialect dialect = dialect_of(*scheme);
  const Parts parts = split_parts(text.substr(scheme->size() + 3), dialect);
  std::map<string, string> values = parse_base(parts.base);
  const auto unknown = parts.query.find('@') == string_view::npos ? UnknownName::quoted : UnknownName::withheld;
  LibpqParameters result = to_libpq(parse_query(parts.query, dialect), unknown);
  for (auto& [keyword, value] : result.parameters)
    values[keyword] = std::move(value);
  result.parameters.assign(values.begin(), values.end());
  return result;
}

}  // namespace slipway
