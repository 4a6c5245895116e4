#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// libpq's `options`: the server's command-line options for one session, most of them settings, `-c search_path=app`
// (PostgreSQL: "Parameter Key Words", "postgres"). They are sent when a session starts, and a connection pooler may
// refuse or drop them. Most settings can also be made later.

namespace slipway {

struct ServerOptions {
  using Setting = std::pair<std::string, std::string>;  // name and value

  std::vector<Setting> settings;  // those that can be made later, in their order
  bool has_others = false;        // whether there are options that only work when a session starts
};

// Parses them as the server does.
ServerOptions parse_server_options(std::string_view options);

// "-c search_path=app", with a backslash before each character that would end the word.
std::string server_option(std::string_view setting, std::string_view value);

// The search_path for schemas with these plain names, such as "app" or "app,Tenant 1".
std::string search_path_of(std::string_view schemas);

}  // namespace slipway
