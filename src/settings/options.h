#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "settings/listen_address.h"

// The table of all settings. It is used by:
//   1) resolve.h, which reads flags, environment and slipway.toml;
//   2) the command line, which makes its flags and help texts from the table;
//   3) docs/settings.md: a test compares its table with this one;
//   4) errors about unknown names, which suggest the nearest name.
//
// To add a setting, add a row here, the member of Settings that the row names, and a row in docs/settings.md.

namespace slipway {

struct Settings;

enum class OptionKind {
  text,
  name,      // of something in PostgreSQL: at most 63 bytes
  table,     // a name without its schema
  address,   // listen_address.h
  path,      // relative to the folder slipway was started in
  paths,     // separated by `:` as flag and variable; in slipway.toml an array, relative to that file
  duration,  // duration.h
  blockers,  // "idle-in-transaction:30s"
  choice,    // one of `choices`
  toggle,    // true or false: parse_toggle()
  url,       // database_url.h
};

enum class Secrecy { open, secret };

// A word that users write, and the enumerator that it stands for.
struct Choice {
  template <typename Value>
  constexpr Choice(std::string_view name, Value of) : word{name}, value{static_cast<int>(of)} {}

  std::string_view word;
  int value;
};

// The parsed value of a setting: milliseconds for a duration or blockers, the enumerator for a choice, 0 or 1 for a
// toggle.
using SettingValue = std::variant<std::string, std::chrono::milliseconds, std::filesystem::path,
                                  std::vector<std::filesystem::path>, ListenAddress, int>;

struct Option {
  std::string_view key{};            // `key` in slipway.toml, `--key` as flag
  std::string_view variable{};       // of the environment
  std::string_view file_variable{};  // names a file that holds the value; empty if there is none
  OptionKind kind = OptionKind::text;
  std::span<const Choice> choices{};
  std::string_view default_value{};             // as a user writes it; empty: none
  std::string_view default_note{};              // in place of the default in help and docs, if it is not a plain value
  std::optional<std::string_view> bare_flag{};  // what the flag means without a value; absent: it needs one
  std::string_view value_name{};                // in help: `--key VALUE_NAME`
  std::string_view group{};                     // in help
  std::string_view description{};               // a sentence without a full stop
  Secrecy secrecy = Secrecy::open;
  bool in_settings_file = true;  // false: flag and variable only
  // Stores it in its member. Null for the database URLs, which depend on each other, and for the settings file itself.
  void (*store)(Settings& settings, SettingValue value) = nullptr;
};

// In the order of help and docs. Static.
std::span<const Option> options() noexcept;

// The row of that key. Throws Error (internal) if there is none.
const Option& option(std::string_view key);

// Every key that slipway.toml may contain, for errors.
std::vector<std::string> settings_file_keys();

// Every environment variable of the table, for errors.
std::vector<std::string> variable_names();

// The words of the setting's choices.
std::vector<std::string> choice_words(const Option& option);

// The kind of value as the docs name it: "duration", "choice", …
std::string_view unit(const Option& option);

// The default as a user reads it: the note if there is one, else the value; "none" if there is neither.
std::string_view default_text(const Option& option);

// The variables that the application must not get, because the privileged role is only for migrations.
std::span<const std::string_view> variables_withheld_from_application() noexcept;

}  // namespace slipway
