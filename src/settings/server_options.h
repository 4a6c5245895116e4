#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// libpq's `options`: the server's command-line options for one session, most of them settings, `-c search_path=app`
// (PostgreSQL: "Parameter Key Words", "postgres"). They are sent when a session starts, and a connection pooler may
// refuse or drop them there; the settings can be made later as well.

namespace slipway {

struct ServerOptions {
  using Setting = std::pair<std::string, std::string>;  // name and value

  std::vector<Setting> settings;  // those that can be made at any time, in their order
  bool has_others = false;        // also what only the start of a session can do
};

// Reads them as the server does.
ServerOptions parse_server_options(std::string_view options);

// "-c search_path=app", with a backslash before what would end the word.
std::string server_option(std::string_view setting, std::string_view value);

// The search_path of schemas that are given by their plain names, "app" or "app,Tenant 1".
std::string search_path_of(std::string_view schemas);

}  // namespace slipway
