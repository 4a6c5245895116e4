#include "settings/server_options.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"

namespace slipway {
namespace {

constexpr std::string_view white_space = " \t\n\r\v\f";

// Settings that can't be changed after a session has started (PostgreSQL: "pg_settings", context backend), and settings
// that slipway makes itself for each transaction.
constexpr std::array<std::string_view, 10> only_at_the_start{
    "ignore_system_indexes", "post_auth_delay",       "log_connections",       "log_disconnections",
    "jit_debugging_support", "jit_profiling_support", "session_authorization", "transaction_isolation",
    "transaction_read_only", "transaction_deferrable"};

// Words end at white space; a backslash escapes the next character (PostgreSQL: pg_split_opts).
std::vector<std::string> words_of(std::string_view options) {
  std::vector<std::string> words;
  bool in_word = false;
  for (std::size_t i = 0; i < options.size(); ++i) {
    const bool is_escape = options[i] == '\\';
    if (!is_escape && white_space.find(options[i]) != std::string_view::npos) {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    if (is_escape && ++i == options.size()) break;
    words.back() += options[i];
  }
  return words;
}

// "search-path=app": a hyphen in the name means an underscore (PostgreSQL: ParseLongOption).
std::optional<ServerOptions::Setting> setting_of(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) return std::nullopt;
  std::string name = to_lower(text.substr(0, equals));
  std::ranges::replace(name, '-', '_');
  if (std::ranges::find(only_at_the_start, name) != only_at_the_start.end()) return std::nullopt;
  return ServerOptions::Setting{std::move(name), text.substr(equals + 1)};
}

// The element of search_path for the schema of exactly that name.
std::string path_element(std::string_view schema) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyz0123456789_";
  if (!schema.empty() && !is_digit(schema.front()) && schema.find_first_not_of(plain) == std::string_view::npos)
    return std::string{schema};
  std::string quoted = "\"";
  for (const char character : schema) {
    if (character == '"') quoted += '"';
    quoted += character;
  }
  return quoted + '"';
}

}  // namespace

ServerOptions parse_server_options(std::string_view options) {
  ServerOptions parsed;
  const std::vector<std::string> words = words_of(options);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    std::optional<ServerOptions::Setting> setting;
    if (word == "-c" && i + 1 < words.size())
      setting = setting_of(words[++i]);
    else if (word.starts_with("-c") || (word.starts_with("--") && word.size() > 2))
      setting = setting_of(word.substr(2));
    if (setting && setting->first == "client_encoding") continue;  // slipway always uses UTF-8
    if (setting)
      parsed.settings.push_back(*std::move(setting));
    else
      parsed.has_others = true;
  }
  return parsed;
}

std::string server_option(std::string_view setting, std::string_view value) {
  std::string word = "-c ";
  word += setting;
  word += '=';
  for (const char character : value) {
    if (character == '\\' || white_space.find(character) != std::string_view::npos) word += '\\';
    word += character;
  }
  return word;
}

std::string search_path_of(std::string_view schemas) {
  std::string path;
  while (true) {
    const auto comma = schemas.find(',');
    const std::string_view schema = trimmed(schemas.substr(0, comma));
    path += (path.empty() ? "" : ",") + path_element(schema);
    if (comma == std::string_view::npos) return path;
    schemas.remove_prefix(comma + 1);
  }
}

}  // namespace slipway
