#include "settings/database_url.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <ostream>

#include <libpq-fe.h>

#include "base/nearest.h"
#include "error/error.h"
#include "settings/ado_connection_string.h"
#include "settings/connection_uri.h"
#include "settings/percent_encoding.h"
#include "settings/query_parameters.h"
#include "settings/server_options.h"
#include "settings/socket_files.h"

namespace slipway {
namespace {

using std::string;
using std::string_view;
using Parameters = std::vector<DatabaseUrl::Parameter>;

// Some exist only in a later libpq.
constexpr std::array<string_view, 5> secret_keywords{"password", "sslpassword", "scram_client_key", "scram_server_key",
                                                     "oauth_client_secret"};

bool is_secret(string_view keyword) {
  return std::ranges::find(secret_keywords, keyword) != secret_keywords.end();
}

// The file of a secret may end with a newline.
string_view without_white_space(string_view text) {
  constexpr string_view white_space = " \t\r\n";
  const auto first = text.find_first_not_of(white_space);
  if (first == string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

std::vector<string> split_list(string_view text) {
  std::vector<string> parts(1);
  for (const char character : text) {
    if (character == ',')
      parts.emplace_back();
    else
      parts.back() += character;
  }
  return parts;
}

Error bad(const string& what, const string& hint = uri_form) {
  return {ExitCode::bad_configuration, what, hint};
}

using ConninfoOptions = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

// Null if libpq can't parse the text; `message` is then libpq's message.
ConninfoOptions read_keywords(const string& text, string& message) {
  char* words = nullptr;
  ConninfoOptions list{PQconninfoParse(text.c_str(), &words), &PQconninfoFree};
  const std::unique_ptr<char, decltype(&PQfreemem)> owner{words, &PQfreemem};
  message = words == nullptr ? "" : words;
  return list;
}

// The keyword that libpq does not have, if that is what it says; empty for none, and for what is not a name.
string unknown_keyword(const string& libpq_message) {
  constexpr string_view unknown = "invalid connection option \"";
  if (!libpq_message.starts_with(unknown)) return {};
  const string name = libpq_message.substr(unknown.size(), libpq_message.find('"', unknown.size()) - unknown.size());
  return is_plain_name(name) ? name : "";
}

// libpq's message quotes a word that may be part of a password that contains a blank. The error repeats that word only
// if libpq also reports an unknown keyword for the text before the first password.
[[noreturn]] void throw_bad_keywords(string_view text, const string& libpq_message) {
  if (libpq_message.starts_with("invalid connection option")) {
    string message;
    read_keywords(string{text.substr(0, text.find("password"))}, message);
    if (const string name = unknown_keyword(message); !name.empty()) {
      const std::vector<string> known{libpq_keywords().begin(), libpq_keywords().end()};
      const string question = did_you_mean(name, known);
      throw bad("the database URL has the keyword \"" + name + "\", which libpq does not have",
                question.empty() ? "leave it out" : question);
    }
    throw bad("the database URL has a keyword that libpq does not have",
              "put quotes around a value that contains blanks: password='two words'");
  }
  throw bad("the database URL can't be parsed as libpq keywords and values",
            "write host=localhost dbname=app, with quotes around a value that contains blanks: password='two words'");
}

Parameters parse_keywords(string_view text) {
  string message;
  const ConninfoOptions list = read_keywords(string{text}, message);
  if (!list) throw_bad_keywords(text, message);
  Parameters parameters;
  for (const PQconninfoOption* row = list.get(); row->keyword != nullptr; ++row)
    if (row->val != nullptr) parameters.emplace_back(row->keyword, row->val);
  return parameters;
}

const string* find_value(const Parameters& parameters, string_view keyword) {
  const auto found = std::ranges::find(parameters, keyword, &DatabaseUrl::Parameter::first);
  return found == parameters.end() ? nullptr : &found->second;
}

void check_ports(const Parameters& parameters) {
  const string* ports = find_value(parameters, "port");
  if (ports == nullptr) return;
  for (const string& port : split_list(*ports)) {
    if (port.empty()) continue;
    int number = 0;
    const auto [end, problem] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (problem != std::errc{} || end != port.data() + port.size() || number < 1 || number > 65'535)
      throw bad("the database URL's port is not a number from 1 to 65535",
                "percent-encode the characters @ / ? # % in the user and password as %40 %2F %3F %23 %25");
  }
}

bool is_socket(string_view host) {
  return host.starts_with('/') || host.starts_with('@');
}

// Whether it is a name or an address. An IPv6 address has at least two colons, and may have a zone after a %.
bool is_host(string_view host) {
  constexpr string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:%";
  const bool has_colon = host.find(':') != string_view::npos;
  return host.find_first_not_of(letters) == string_view::npos && has_colon == (std::ranges::count(host, ':') > 1) &&
         (has_colon || host.find('%') == string_view::npos);
}

void check_hosts(const Parameters& parameters) {
  for (const string_view keyword : {"host", "hostaddr"}) {
    const string* hosts = find_value(parameters, keyword);
    if (hosts == nullptr) continue;
    for (const string& host : split_list(*hosts))
      if (!is_socket(host) && !is_host(host))
        throw bad("the database URL has a host that is not a name, an address or the folder of a socket",
                  "percent-encode the characters @ / ? # % in the user and password as %40 %2F %3F %23 %25");
  }
}

// For "a,b" libpq returns the ports ",", which contain no port but would override PGPORT.
void drop_empty_ports(Parameters& parameters) {
  std::erase_if(parameters, [](const DatabaseUrl::Parameter& parameter) {
    return parameter.first == "port" && parameter.second.find_first_not_of(',') == string::npos;
  });
}

// libpq accepts one port for all hosts; the URI repeats it for each host.
void match_ports_to_hosts(Parameters& parameters) {
  const string* hosts = find_value(parameters, "hostaddr");
  if (hosts == nullptr) hosts = find_value(parameters, "host");
  const auto port = std::ranges::find(parameters, "port", &DatabaseUrl::Parameter::first);
  if (port == parameters.end()) return;
  const std::size_t host_count = hosts == nullptr ? 1 : split_list(*hosts).size();
  const std::size_t port_count = split_list(port->second).size();
  if (port_count == host_count) return;
  if (port_count != 1)
    throw bad("the database URL has " + std::to_string(port_count) + " ports for " + std::to_string(host_count) +
                  (host_count == 1 ? " host" : " hosts"),
              "write one port, or one for each host");
  const string one = port->second;
  for (std::size_t i = 1; i < host_count; ++i)
    port->second += "," + one;
}

void check_database_name(const Parameters& parameters) {
  const string* name = find_value(parameters, "dbname");
  if (name == nullptr) return;
  if (name->starts_with("postgresql://") || name->starts_with("postgres://") || name->find("password=") != string::npos)
    throw bad("the database URL's dbname is a connection string", "use that string as the database URL");
}

// libpq treats an empty value as not set.
Parameters normalised(Parameters parameters) {
  split_socket_files(parameters);
  std::erase_if(parameters, [](const DatabaseUrl::Parameter& parameter) { return parameter.second.empty(); });
  std::ranges::stable_sort(parameters, {}, &DatabaseUrl::Parameter::first);
  drop_empty_ports(parameters);
  check_ports(parameters);
  check_hosts(parameters);
  match_ports_to_hosts(parameters);
  check_database_name(parameters);
  if (const string* mode = find_value(parameters, "sslmode")) check_sslmode(*mode);
  return parameters;
}

string authority(const std::vector<string>& hosts, const std::vector<string>& ports) {
  string text;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    if (i > 0) text += ',';
    const string host = percent_encode(hosts[i], ":");
    text += hosts[i].find(':') == string::npos ? host : "[" + host + "]";
    if (i < ports.size() && !ports[i].empty()) text += ":" + ports[i];
  }
  return text;
}

enum class Secrets { in_full, masked };

string value_text(const DatabaseUrl::Parameter& parameter, Secrets secrets, string_view as_they_are = {}) {
  if (secrets == Secrets::masked && is_secret(parameter.first)) return "***";
  return percent_encode(parameter.second, as_they_are);
}

string uri(const Parameters& parameters, string_view scheme, Secrets secrets) {
  const string* host = find_value(parameters, "host");
  const string* port = find_value(parameters, "port");
  const std::vector<string> hosts = host == nullptr ? std::vector<string>{} : split_list(*host);
  const auto fits = [](const string& name) { return !name.empty() && !is_socket(name); };
  const bool hosts_in_authority = !hosts.empty() && std::ranges::all_of(hosts, fits);

  string text{scheme};
  text += "://";
  string database;
  string password;
  string user;
  string query;
  for (const auto& parameter : parameters) {
    const auto& [keyword, value] = parameter;
    if (keyword == "user") {
      user = value_text(parameter, secrets);
    } else if (keyword == "password") {
      password = ":" + value_text(parameter, secrets);
    } else if (keyword == "dbname") {
      database = value_text(parameter, secrets);
    } else if (hosts_in_authority && (keyword == "host" || keyword == "port")) {
      continue;
    } else {
      query += query.empty() ? '?' : '&';
      query += keyword + "=" + value_text(parameter, secrets, "/,:");
    }
  }
  if (!user.empty() || !password.empty()) text += user + password + "@";
  if (hosts_in_authority) text += authority(hosts, port == nullptr ? std::vector<string>{} : split_list(*port));
  return text + "/" + database + query;
}

// The value that libpq takes from the PG* variables or its built-in defaults when it connects.
string libpq_default(string_view keyword) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> list{PQconndefaults(), &PQconninfoFree};
  if (!list) return {};
  for (const PQconninfoOption* row = list.get(); row->keyword != nullptr; ++row)
    if (keyword == row->keyword && row->val != nullptr) return row->val;
  return {};
}

// The name with its control characters encoded, so that it fits on one line of the log.
string printable(string_view text) {
  string result;
  for (const char character : text) {
    if (static_cast<unsigned char>(character) < 0x20 || character == 0x7F)
      result += percent_encode(string_view{&character, 1});
    else
      result += character;
  }
  return result;
}

}  // namespace

DatabaseUrl DatabaseUrl::parse(string_view text) {
  text = without_white_space(text);
  DatabaseUrl url;
  if (text.empty()) throw bad("the database URL is empty");
  if (text.find('\0') != string_view::npos) throw bad("the database URL contains a NUL character");
  if (text.front() == '"' || text.front() == '\'')
    throw bad("the database URL begins with a quote", "leave the quotes out: docker's --env-file keeps them");
  if (text == "scratch") throw bad("the database URL is \"scratch\" without its colon", "write scratch:");
  if (text.starts_with("scratch:")) {
    url.kind_ = Kind::scratch;
    url.scratch_folder_ = std::filesystem::path{text.substr(string_view{"scratch:"}.size())};
    if (!url.scratch_folder_.empty() && (!url.scratch_folder_.is_absolute() || text.starts_with("scratch://")))
      throw bad("the folder after scratch: is not an absolute path", "write scratch:/path, or just scratch:");
    return url;
  }
  if (is_uri(text)) {
    LibpqParameters parsed = parse_connection_uri(text);
    url.parameters_ = normalised(std::move(parsed.parameters));
    url.notes_ = std::move(parsed.notes);
  } else if (const auto settings = parse_ado_connection_string(text)) {
    LibpqParameters parsed = to_libpq(*settings, Dialect::libpq, UnknownName::withheld);
    url.parameters_ = normalised(std::move(parsed.parameters));
    url.notes_ = std::move(parsed.notes);
  } else if (text.find('=') != string_view::npos) {
    url.parameters_ = normalised(parse_keywords(text));
  } else {
    throw bad("the database URL is neither a URL nor libpq keywords and values");
  }
  return url;
}

DatabaseUrl DatabaseUrl::of(std::vector<Parameter> parameters) {
  DatabaseUrl url;
  url.parameters_ = normalised(std::move(parameters));
  return url;
}

DatabaseUrl DatabaseUrl::with_settings_of(const DatabaseUrl& other) const {
  const string* options = find_value(other.parameters_, "options");
  if (options == nullptr || find_value(parameters_, "options") != nullptr) return *this;
  string settings;
  for (const auto& [name, value] : parse_server_options(*options).settings)
    settings += (settings.empty() ? "" : " ") + server_option(name, value);
  DatabaseUrl url = *this;
  url.parameters_.emplace_back("options", settings);
  url.parameters_ = normalised(std::move(url.parameters_));
  return url;
}

std::optional<string_view> DatabaseUrl::parameter(string_view keyword) const {
  const string* value = find_value(parameters_, keyword);
  return value == nullptr ? std::nullopt : std::optional<string_view>{*value};
}

string DatabaseUrl::masked() const {
  return kind_ == Kind::scratch ? "scratch:" + scratch_folder_.string()
                                : uri(parameters_, "postgresql", Secrets::masked);
}

string DatabaseUrl::to_uri(string_view scheme) const {
  return kind_ == Kind::scratch ? masked() : uri(parameters_, scheme, Secrets::in_full);
}

string DatabaseUrl::host_description() const {
  if (kind_ == Kind::scratch) return printable(masked());
  const auto value = [this](string_view keyword) {
    const auto own = parameter(keyword);
    return own ? string{*own} : libpq_default(keyword);
  };
  string host = value("host");
  if (host.empty()) host = value("hostaddr");
  // Only if there is no host: for its defaults, libpq looks up the user in the system's user database.
  if (host.empty())
    if (const string service = value("service"); !service.empty()) return printable("service " + service);
  const string port = value("port");
  string database = value("dbname");
  if (database.empty()) database = value("user");

  string text;
  const std::vector<string> hosts = split_list(host);
  const std::vector<string> ports = split_list(port);
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    if (i > 0) text += ',';
    const bool is_address = !is_socket(hosts[i]) && hosts[i].find(':') != string::npos;
    text += hosts[i].empty() ? "local socket" : is_address ? "[" + hosts[i] + "]" : hosts[i];
    const string own_port = ports.size() == 1 ? ports.front() : i < ports.size() ? ports[i] : string{};
    text += ":" + (own_port.empty() ? "5432" : own_port);
  }
  return printable(text + "/" + database);
}

std::ostream& operator<<(std::ostream& stream, const DatabaseUrl& url) {
  return stream << url.masked();
}

bool operator==(const DatabaseUrl& a, const DatabaseUrl& b) {
  return a.kind_ == b.kind_ && a.scratch_folder_ == b.scratch_folder_ && a.parameters_ == b.parameters_;
}

}  // namespace slipway
