#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "error/error.h"
#include "process/environment.h"
#include "settings/options.h"
#include "settings/resolve.h"
#include "settings/settings_file.h"

// The sources of settings: flags, environment, secret files, slipway.toml. Decides which one takes precedence; does not
// interpret the texts.

namespace slipway {

// The text of one setting and its source.
struct Given {
  std::vector<std::string> texts;  // one text; for paths, one for each path
  std::string source;              // for users: "flag --role", "slipway.toml:12", "default"
  std::string place;               // the beginning of an error about it: "--role", "slipway.toml:12: role"
  ExitCode exit_code = ExitCode::bad_configuration;  // of an error about it
  std::filesystem::path folder;                      // the base of relative paths
};

class Sources {
 public:
  // Reads slipway.toml. The three arguments must outlive this object. Throws the same errors as resolve().
  Sources(const Flags& flags, const Environment& environment, const std::filesystem::path& folder);

  // What counts for that setting, its default included; absent if there is none. Reads secret files. Throws Error
  // for an empty text.
  std::optional<Given> find(const Option& row) const;

  // Whether the setting is given as a flag. Reads nothing.
  bool is_typed(const Option& row) const { return flags_.contains(row.key); }

 private:
  std::optional<Given> find_given(const Option& row) const;
  std::optional<Given> find_flag(const Option& row) const;
  std::optional<Given> find_variable(const Option& row) const;
  std::optional<Given> find_in_file(const Option& row) const;
  void read_file();

  const Flags& flags_;
  const Environment& environment_;
  const std::filesystem::path& folder_;
  std::string file_name_ = "slipway.toml";  // as the user knows it
  std::optional<Given> file_given_;         // by flag or variable
  SettingsFile file_;
};

}  // namespace slipway
