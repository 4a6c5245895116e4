#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// slipway.toml: the keys of options.h, each at most once, all at the top level (TOML 1.0). docs/settings.md has an
// example of each.

namespace slipway {

struct SettingsFileValue {
  std::vector<std::string> texts;  // one, or the elements of an array
  int line = 1;
};

// By key. Contains only keys of options(), with values of the type that their kind requires.
using SettingsFile = std::map<std::string, SettingsFileValue, std::less<>>;

// `name` is the file as the user knows it, for errors. Throws Error (bad_configuration) with file:line if the text is
// not TOML, or has an unknown key or a value of the wrong type. The error never quotes a value.
SettingsFile parse_settings_file(std::string_view text, const std::string& name);

// The maximal size of a settings file, in bytes.
constexpr std::size_t settings_file_limit = 1024UL * 1024;

}  // namespace slipway
