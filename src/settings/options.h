#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The one table of every setting. It serves:
//   1) resolve.h, which reads flags, environment and slipway.toml by it;
//   2) the command line, which makes its flags and help texts from it;
//   3) docs/settings.md, whose table a test holds against this one;
//   4) errors on unknown names, which offer the nearest name of it.
//
// To add a setting: a row here, a member of Settings, a line in resolve.cpp, a row in docs/settings.md.

namespace slipway {

enum class OptionKind {
  text,
  name,      // of something in PostgreSQL: at most 63 bytes
  address,   // listen_address.h
  path,      // relative to the folder slipway was started in
  paths,     // `:`-separated as flag and variable, an array in slipway.toml, where they are relative to that
             // file
  duration,  // duration.h
  choice,    // one of `choices`
  toggle,    // true or false: parse_toggle()
  url,       // database_url.h
};

enum class Secrecy { open, secret };

struct Option {
  std::string_view key{};            // `key` in slipway.toml, `--key` as flag
  std::string_view variable{};       // of the environment
  std::string_view file_variable{};  // names a file that holds the value; empty where there is none
  OptionKind kind = OptionKind::text;
  std::span<const std::string_view> choices{};
  std::string_view default_value{};  // as a user would write it; empty: none
  std::string_view default_note{};   // in place of the default in help and docs, where it is not a plain value
  std::optional<std::string_view> bare_flag{};  // what the flag means without a value; absent: it needs one
  std::string_view value_name{};                // in help: `--key VALUE_NAME`
  std::string_view group{};                     // in help
  std::string_view description{};               // a sentence without its full stop
  Secrecy secrecy = Secrecy::open;
  bool in_settings_file = true;  // false: flag and variable only
};

// In the order of help and docs. Valid for ever.
std::span<const Option> options() noexcept;

// The row of that key. Throws Error (internal) where there is none.
const Option& option(std::string_view key);

// Every key that slipway.toml may hold, for errors.
std::vector<std::string> settings_file_keys();

// Every environment variable of the table, for errors.
std::vector<std::string> variable_names();

// "duration", "choice" … for the docs: the unit or kind of value as a user would call it.
std::string_view unit(const Option& option);

// The default as a user reads it: the note where there is one, else the value; "none" where there is neither.
std::string_view default_text(const Option& option);

// The variables that the application must not get: the privileged role is for migrations alone.
std::span<const std::string_view> variables_withheld_from_application() noexcept;

}  // namespace slipway
