#include "settings/query_parameters.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>

#include <libpq-fe.h>

#include "base/nearest.h"
#include "base/text.h"
#include "error/error.h"
#include "settings/driver_parameters.h"
#include "settings/server_options.h"

namespace slipway {
namespace {

using std::string_view;
using enum Treatment;

struct Word {
  string_view driver;
  string_view libpq;
};

// asyncpg accepts libpq's names. The others are booleans, node-postgres's no-verify, and names without the hyphen.
constexpr std::array ssl_values{Word{"true", "require"},
                                Word{"1", "require"},
                                Word{"on", "require"},
                                Word{"yes", "require"},
                                Word{"false", "disable"},
                                Word{"0", "disable"},
                                Word{"off", "disable"},
                                Word{"no", "disable"},
                                Word{"no-verify", "require"},
                                Word{"verifyca", "verify-ca"},
                                Word{"verifyfull", "verify-full"}};

constexpr std::array target_servers{Word{"any", "any"},
                                    Word{"preferprimary", "any"},
                                    Word{"primary", "primary"},
                                    Word{"master", "primary"},
                                    Word{"secondary", "standby"},
                                    Word{"slave", "standby"},
                                    Word{"standby", "standby"},
                                    Word{"preferstandby", "prefer-standby"},
                                    Word{"read-write", "read-write"},
                                    Word{"read-only", "read-only"},
                                    Word{"preferslave", "prefer-standby"},
                                    Word{"prefersecondary", "prefer-standby"}};

// libpq's word for a driver's word, ignoring case and with _ or -; the word itself if libpq has none.
template <std::size_t count>
std::string translated(string_view value, const std::array<Word, count>& words) {
  std::string word = to_lower(value);
  std::ranges::replace(word, '_', '-');
  const auto* found = std::ranges::find(words, word, &Word::driver);
  return found == words.end() ? word : std::string{found->libpq};
}

std::string sslmode_of(string_view value) {
  return translated(value, ssl_values);
}

struct Host {
  std::string name;
  std::optional<std::string> port;
};

// SQLAlchemy's `host=name:port`. A value with several colons is an IPv6 address; one that begins with a slash is the
// folder of a socket.
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

[[noreturn]] void throw_unknown(const std::string& name, UnknownName unknown) {
  if (unknown == UnknownName::withheld || !is_plain_name(name))
    throw Error{ExitCode::bad_configuration,
                "the database URL has a query parameter that neither libpq nor a known driver has",
                "percent-encode the characters @ / ? # % in the user and password as %40 %2F %3F %23 %25"};
  std::vector<std::string> known = driver_parameter_names();
  known.insert(known.end(), libpq_keywords().begin(), libpq_keywords().end());
  const std::string question = did_you_mean(name, known);
  throw Error{ExitCode::bad_configuration,
              "the database URL has a query parameter \"" + name + "\" that neither libpq nor a known driver has",
              question.empty() ? "leave it out" : question};
}

// Ignores case, because R2DBC has sslMode. Empty for a name that libpq does not have.
std::string libpq_keyword(const std::string& name) {
  const auto found = std::ranges::find_if(
      libpq_keywords(), [&](const std::string& keyword) { return equal_ignoring_case(keyword, name); });
  return found == libpq_keywords().end() ? std::string{} : *found;
}

// The server setting that the name means: sqlx's "options[search_path]", or any name with a dot. Empty for other names.
std::string setting_name(const std::string& name) {
  constexpr string_view begin = "options[";
  if (name.starts_with(begin) && name.ends_with(']')) return name.substr(begin.size(), name.size() - begin.size() - 1);
  return name.find('.') != std::string::npos && is_plain_name(name) ? name : std::string{};
}

class Translation {
 public:
  Translation(Dialect dialect, UnknownName unknown) : dialect_{dialect}, unknown_{unknown} {}

  void add(const std::string& name, const std::string& value) {
    if (name == "host") {
      add_hosts(value);
    } else if (name == "port") {
      for (const std::string& port : split(value, ','))
        ports_.push_back(port);
    } else if (name == "options") {
      add_option(value);
    } else if (const std::string keyword = libpq_keyword(name); keyword == "sslmode") {
      values_[keyword] = sslmode_of(value);
    } else if (!keyword.empty()) {
      values_[keyword] = value;
    } else if (const std::string setting = setting_name(name); !setting.empty()) {
      add_setting(name, setting, value);
    } else if (const DriverParameters* row = driver_parameter(name)) {
      translate(*row, name, value);
    } else {
      throw_unknown(name, unknown_);
    }
  }

  LibpqParameters result() {
    if (!hosts_.empty())
      add_host_lists();
    else if (!ports_.empty())
      values_["port"] = join(ports_, ",");
    add_sslmode();
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

  void add_setting(const std::string& name, const std::string& setting, const std::string& value) {
    note(name, "is translated to the server setting " + setting);
    add_option(server_option(setting, value));
  }

  void note(const std::string& name, const std::string& what) {
    notes_.push_back("the database URL's \"" + name + "\" " + what);
  }

  void translate(const DriverParameters& row, const std::string& name, const std::string& value) {
    switch (row.treatment) {
      case left_out:
        return note(name, "is left out: it is a parameter of " + std::string{row.owner});
      case renamed:
        note(name, "is translated to libpq's " + std::string{row.keyword});
        return add(std::string{row.keyword}, value);
      case server_setting:
        return add_setting(name, row.keyword.empty() ? to_lower(name) : std::string{row.keyword}, value);
      case schema:
        return add_setting(name, "search_path", search_path_of(value));
      case ssl:
        note(name, "is translated to libpq's sslmode");
        ssl_ = dialect_ == Dialect::jdbc && sslmode_of(value) == "require" ? "verify-full" : sslmode_of(value);
        return;
      case certificate_check:
        note(name, value == "strict" ? "is translated to libpq's sslmode and sslrootcert"
                                     : "is left out: it is a parameter of Prisma");
        prisma_ = value == "strict" ? CertificateCheck::strict : CertificateCheck::none;
        return;
      case socket_factory:
        return add_socket_factory(name, value);
      case target_server:
        note(name, "is translated to libpq's target_session_attrs");
        values_["target_session_attrs"] = translated(value, target_servers);
        return;
      case refused:
        if (is_harmless(row, value))
          return note(name, "is left out: this value requires nothing that slipway does not do anyway");
        throw Error{ExitCode::bad_configuration,
                    "the database URL's \"" + name + "\" is not supported: " + std::string{row.reason},
                    std::string{row.hint}};
    }
  }

  // pgjdbc's two factories: one verifies nothing, the other trusts the system's authorities.
  void add_socket_factory(const std::string& name, const std::string& value) {
    if (value.ends_with("NonValidatingFactory")) {
      note(name, "is translated to sslmode=require");
      unchecked_ = true;
    } else if (value.ends_with("DefaultJavaSSLFactory")) {
      note(name, "is translated to sslrootcert=system");
      values_.try_emplace("sslrootcert", "system");
    } else {
      note(name, "is left out: it is a parameter of JDBC");
    }
  }

  void add_sslmode() {
    if (!ssl_.empty()) values_.try_emplace("sslmode", unchecked_ && ssl_ == "verify-full" ? "require" : ssl_);
    if (!prisma_) return;
    // Prisma's sslcert is the certificate of the authority.
    const auto certificate = values_.extract("sslcert");
    if (prisma_ == CertificateCheck::none) return;
    values_["sslmode"] = "verify-full";
    values_.try_emplace("sslrootcert", certificate.empty() ? "system" : certificate.mapped());
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
    values_["host"] = join(names, ",");
    if (any_port)
      values_["port"] = join(own_ports, ",");
    else if (!ports_.empty())
      values_["port"] = join(ports_, ",");
  }

  enum class CertificateCheck { none, strict };

  Dialect dialect_;
  UnknownName unknown_;
  std::map<std::string, std::string> values_;
  std::vector<Host> hosts_;
  std::vector<std::string> ports_;
  std::string ssl_;  // from `ssl`; an explicit sslmode overrides it
  bool unchecked_ = false;
  std::optional<CertificateCheck> prisma_;
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
    if (!list) throw Error{ExitCode::internal, "can't get libpq's list of keywords: out of memory"};
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
              "the database URL's sslmode (or ssl) is not one of " + std::string{"disable, allow, prefer, require, "} +
                  "verify-ca and verify-full",
              question};
}

LibpqParameters to_libpq(std::span<const QueryParameter> query, Dialect dialect, UnknownName unknown) {
  Translation translation{dialect, unknown};
  for (const auto& [name, value] : query)
    translation.add(name, value);
  return translation.result();
}

}  // namespace slipway
