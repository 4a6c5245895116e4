#include "settings/ado_connection_string.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace slipway {
namespace {

struct Key {
  std::string_view name;       // in lower case, without blanks and underscores
  std::string_view parameter;  // empty: the setting only concerns the application
};

// Npgsql's manual, "Connection String Parameters".
constexpr std::array keys{
    Key{"host", "host"},
    Key{"server", "host"},
    Key{"port", "port"},
    Key{"database", "dbname"},
    Key{"db", "dbname"},
    Key{"username", "user"},
    Key{"userid", "user"},
    Key{"uid", "user"},
    Key{"password", "password"},
    Key{"pwd", "password"},
    Key{"psw", "password"},
    Key{"passfile", "passfile"},
    Key{"sslmode", "sslmode"},
    Key{"rootcertificate", "sslrootcert"},
    Key{"sslcertificate", "sslcert"},
    Key{"sslkey", "sslkey"},
    Key{"sslpassword", "sslpassword"},
    Key{"channelbinding", "channel_binding"},
    Key{"requireauth", "require_auth"},
    Key{"gssencryptionmode", "gssencmode"},
    Key{"kerberosservicename", "krbsrvname"},
    Key{"applicationname", "application_name"},
    Key{"searchpath", "search_path"},
    Key{"timezone", "timezone"},
    Key{"options", "options"},
    Key{"targetsessionattributes", "targetServerType"},
    Key{"trustservercertificate", ""},
    Key{"sslnegotiation", ""},
    Key{"checkcertificaterevocation", ""},
    Key{"clientencoding", ""},
    Key{"encoding", ""},
    Key{"persistsecurityinfo", ""},
    Key{"includerealm", ""},
    Key{"includeerrordetail", ""},
    Key{"includefailedbatchedcommand", ""},
    Key{"logparameters", ""},
    Key{"pooling", ""},
    Key{"minimumpoolsize", ""},
    Key{"minpoolsize", ""},
    Key{"maximumpoolsize", ""},
    Key{"maxpoolsize", ""},
    Key{"connectionidlelifetime", ""},
    Key{"connectionpruninginterval", ""},
    Key{"connectionlifetime", ""},
    Key{"timeout", ""},
    Key{"commandtimeout", ""},
    Key{"internalcommandtimeout", ""},
    Key{"cancellationtimeout", ""},
    Key{"keepalive", ""},
    Key{"tcpkeepalive", ""},
    Key{"tcpkeepalivetime", ""},
    Key{"tcpkeepaliveinterval", ""},
    Key{"maxautoprepare", ""},
    Key{"autoprepareminusages", ""},
    Key{"readbuffersize", ""},
    Key{"writebuffersize", ""},
    Key{"socketreceivebuffersize", ""},
    Key{"socketsendbuffersize", ""},
    Key{"noresetonclose", ""},
    Key{"arraynullabilitymode", ""},
    Key{"multiplexing", ""},
    Key{"writecoalescingbufferthresholdbytes", ""},
    Key{"loadbalancehosts", ""},
    Key{"hostrecheckseconds", ""},
    Key{"enlist", ""},
    Key{"servercompatibilitymode", ""},
    Key{"loadtablecomposites", ""},
    Key{"entityadmindatabase", ""},
};

const Key* find_key(std::string_view name) {
  std::string squeezed = to_lower(name);
  std::erase_if(squeezed, [](char c) { return is_blank(c) || c == '_'; });
  const auto* const found = std::ranges::find(keys, std::string_view{squeezed}, &Key::name);
  return found == keys.end() ? nullptr : found;
}

// Reads a value in single or double quotes, in which quotes are doubled, or an unquoted value up to the next semicolon.
// Removes it and that semicolon from `text`. Absent if the closing quote is missing.
std::optional<std::string> take_value(std::string_view& text) {
  std::string value;
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  const bool is_quoted = text.starts_with('"') || text.starts_with('\'');
  if (is_quoted) {
    const char quote = text.front();
    for (std::size_t i = 1;; ++i) {
      if (i >= text.size()) return std::nullopt;
      if (text[i] == quote && (i + 1 == text.size() || text[i + 1] != quote)) {
        text.remove_prefix(i + 1);
        break;
      }
      if (text[i] == quote) ++i;
      value += text[i];
    }
  }
  const auto end = std::min(text.find(';'), text.size());
  const std::string_view rest = trimmed(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  if (is_quoted) return rest.empty() ? std::optional{value} : std::nullopt;
  return std::string{rest};
}

}  // namespace

std::optional<std::vector<QueryParameter>> parse_ado_connection_string(std::string_view text) {
  if (text.find(';') == std::string_view::npos) return std::nullopt;
  std::vector<QueryParameter> parameters;
  while (!trimmed(text).empty()) {
    if (trimmed(text.substr(0, text.find(';'))).empty()) {
      text.remove_prefix(text.find(';') + 1);
      continue;
    }
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const Key* const key = find_key(text.substr(0, equals));
    if (key == nullptr) return std::nullopt;
    text.remove_prefix(equals + 1);
    std::optional<std::string> value = take_value(text);
    // "host=h password=a;port=1" is in libpq's form: its password contains a semicolon.
    if (!value || (key->parameter == "host" && value->find(' ') != std::string::npos)) return std::nullopt;
    if (!key->parameter.empty() && !value->empty()) parameters.emplace_back(key->parameter, *std::move(value));
  }
  return parameters;
}

}  // namespace slipway
