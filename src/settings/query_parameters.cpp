#include "settings/query_parameters.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>

#include <libpq-fe.h>

#include "base/nearest.h"
#include "error/error.h"
#include "settings/driver_parameters.h"

namespace slipway {
namespace {

using std::string_view;
using enum Treatment;

struct SslValue {
  string_view driver;
  string_view libpq;
};

// asyncpg takes libpq's names; the others are booleans, and node-postgres's no-verify.
constexpr std::array ssl_values{
    SslValue{"true", "require"},  SslValue{"1", "require"},        SslValue{"on", "require"},
    SslValue{"yes", "require"},   SslValue{"True", "require"},     SslValue{"false", "disable"},
    SslValue{"0", "disable"},     SslValue{"off", "disable"},      SslValue{"no", "disable"},
    SslValue{"False", "disable"}, SslValue{"no-verify", "require"}};

std::string sslmode_of(string_view value) {
  const auto* found = std::ranges::find(ssl_values, value, &SslValue::driver);
  return std::string{found == ssl_values.end() ? value : found->libpq};
}

// A word of libpq's `options`, where a blank or backslash needs a backslash (PostgreSQL manual, 34.1.2).
std::string option_word(string_view name, string_view value) {
  std::string word = "-c ";
  word += name;
  word += '=';
  for (const char character : value) {
    if (character == '\\' || string_view{" \t\n\r\v\f"}.find(character) != string_view::npos) word += '\\';
    word += character;
  }
  return word;
}

struct Host {
  std::string name;
  std::optional<std::string> port;
};

// SQLAlchemy's `host=name:port`. A value with several colons is an IPv6 address, one with a slash a socket's
// folder.
Host split_host(const std::string& text) {
  const bool digits_behind_bracket = text.starts_with('[') && text.find("]:") != std::string::npos;
  if (text.starts_with('[') && text.ends_with(']')) return {text.substr(1, text.size() - 2), {}};
  if (digits_behind_bracket) return {text.substr(1, text.find("]:") - 1), text.substr(text.find("]:") + 2)};
  const auto colon = text.find(':');
  if (colon == std::string::npos || text.find(':', colon + 1) != std::string::npos || text.starts_with('/') ||
      text.starts_with('@'))
    return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char character : text) {
    if (character == separator)
      parts.emplace_back();
    else
      parts.back() += character;
  }
  return parts;
}

std::string join(std::span<const std::string> parts, char separator) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += separator;
    text += parts[i];
  }
  return text;
}

[[noreturn]] void throw_unknown(const std::string& name, UnknownName unknown) {
  if (unknown == UnknownName::withheld || !is_plain_name(name))
    throw Error{ExitCode::bad_configuration,
                "the database URL has a query parameter that neither libpq nor a known driver has",
                "write the characters @ / ? # % of user and password as %40 %2F %3F %23 %25"};
  std::vector<std::string> known{libpq_keywords().begin(), libpq_keywords().end()};
  for (const DriverParameter& row : driver_parameters())
    known.emplace_back(row.name);
  const std::string question = did_you_mean(name, known);
  throw Error{ExitCode::bad_configuration,
              "the database URL has a query parameter \"" + name + "\" that neither libpq nor a known driver has",
              question.empty() ? "leave it out" : question};
}

class Translation {
 public:
  explicit Translation(UnknownName unknown) : unknown_{unknown} {}

  void add(const std::string& name, const std::string& value) {
    if (name == "host") {
      add_hosts(value);
    } else if (name == "port") {
      for (const std::string& port : split(value, ','))
        ports_.push_back(port);
    } else if (name == "options") {
      add_option(value);
    } else if (name == "sslmode") {
      values_[name] = sslmode_of(value);
    } else if (std::ranges::find(libpq_keywords(), name) != libpq_keywords().end()) {
      values_[name] = value;
    } else if (const DriverParameter* row = driver_parameter(name)) {
      translate(*row, value);
    } else {
      throw_unknown(name, unknown_);
    }
  }

  LibpqParameters result() {
    if (!hosts_.empty())
      add_host_lists();
    else if (!ports_.empty())
      values_["port"] = join(ports_, ',');
    if (!sslmode_.empty()) values_.try_emplace("sslmode", sslmode_);
    return {{values_.begin(), values_.end()}, std::move(notes_)};
  }

 private:
  void add_hosts(const std::string& value) {
    for (const std::string& host : split(value, ','))
      hosts_.push_back(split_host(host));
  }

  void add_option(const std::string& option) {
    std::string& options = values_["options"];
    if (!options.empty()) options += ' ';
    options += option;
  }

  void translate(const DriverParameter& row, const std::string& value) {
    const std::string name{row.name};
    switch (row.treatment) {
      case left_out:
        notes_.push_back("the database URL's \"" + name + "\" is left out: it is " + std::string{row.owner} + "'s");
        return;
      case renamed:
        notes_.push_back("the database URL's \"" + name + "\" is taken as libpq's " + std::string{row.keyword});
        add(std::string{row.keyword}, value);
        return;
      case ssl_to_sslmode:
        notes_.push_back("the database URL's \"" + name + "\" is taken as libpq's sslmode");
        sslmode_ = sslmode_of(value);
        return;
      case server_setting:
        notes_.push_back("the database URL's \"" + name + "\" is taken as the server's setting " +
                         std::string{row.keyword});
        add_option(option_word(row.keyword, value));
        return;
      case socket_file:
        notes_.push_back("the database URL's \"" + name + "\" is taken as libpq's host and port");
        add_socket_file(value);
        return;
    }
  }

  void add_socket_file(const std::string& value) {
    const auto name = value.rfind("/.s.PGSQL.");
    if (name == std::string::npos)
      hosts_.push_back({value, {}});
    else
      hosts_.push_back({value.substr(0, name), value.substr(name + string_view{"/.s.PGSQL."}.size())});
  }

  void add_host_lists() {
    std::vector<std::string> names;
    std::vector<std::string> own_ports;
    bool any_port = false;
    for (const Host& host : hosts_) {
      names.push_back(host.name);
      own_ports.push_back(host.port.value_or(""));
      any_port = any_port || host.port;
    }
    values_["host"] = join(names, ',');
    if (any_port)
      values_["port"] = join(own_ports, ',');
    else if (!ports_.empty())
      values_["port"] = join(ports_, ',');
  }

  UnknownName unknown_;
  std::map<std::string, std::string> values_;
  std::vector<Host> hosts_;
  std::vector<std::string> ports_;
  std::string sslmode_;  // of `ssl`, which gives way to a plain sslmode
  std::vector<std::string> notes_;
};

}  // namespace

bool is_plain_name(std::string_view name) {
  constexpr string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.";
  constexpr std::size_t longest = 64;
  return name.size() <= longest && name.find_first_not_of(letters) == string_view::npos;
}

std::span<const std::string> libpq_keywords() {
  static const std::vector<std::string> keywords = [] {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> list{PQconninfoParse("", nullptr),
                                                                            &PQconninfoFree};
    if (!list) throw Error{ExitCode::internal, "libpq has no list of its keywords to give: out of memory"};
    std::vector<std::string> names;
    for (const PQconninfoOption* row = list.get(); row->keyword != nullptr; ++row)
      names.emplace_back(row->keyword);
    return names;
  }();
  return keywords;
}

void check_sslmode(std::string_view mode) {
  static const std::vector<std::string> modes{"disable", "allow", "prefer", "require", "verify-ca", "verify-full"};
  if (std::ranges::find(modes, mode) != modes.end()) return;
  const std::string question = did_you_mean(mode, modes);
  throw Error{ExitCode::bad_configuration,
              "the database URL's sslmode (or ssl) is none of " + std::string{"disable, allow, prefer, require, "} +
                  "verify-ca and verify-full",
              question};
}

LibpqParameters to_libpq(std::span<const QueryParameter> query, UnknownName unknown) {
  Translation translation{unknown};
  for (const auto& [name, value] : query)
    translation.add(name, value);
  return translation.result();
}

}  // namespace slipway
