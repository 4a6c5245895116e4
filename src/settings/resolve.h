#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "process/environment.h"
#include "settings/settings.h"

// Makes Settings from what the user wrote. A flag takes precedence over the environment, the environment over
// slipway.toml, and slipway.toml over the default.
//
// slipway.toml is read from the working folder if it exists. `--config FILE` or SLIPWAY_CONFIG names another file,
// which must exist. A secret's variable has a second form with _FILE that names a file holding the value, as Docker and
// Kubernetes mount secrets. An empty variable counts as not set: compose files write `${NAME:-}`.

namespace slipway {

// The flags that were given, by key (options.h). The values of a flag that was given several times, such as paths, are
// joined by `:`. A flag without a value has the row's `bare_flag`.
using Flags = std::map<std::string, std::string, std::less<>>;

// One row of `slipway config`.
struct EffectiveSetting {
  std::string_view key;  // of options()
  std::string value;     // as a user would write it, with secrets masked; empty if not set
  std::string source;    // "flag --role", "environment SLIPWAY_ROLE", "slipway.toml:12", "default",
                         // "file /run/secrets/db (DATABASE_URL_FILE)"
  friend bool operator==(const EffectiveSetting&, const EffectiveSetting&) = default;
};

struct ResolvedSettings {
  Settings settings;
  std::vector<EffectiveSetting> effective;  // a row for each of options(), in its order
  std::vector<std::string> notes;           // for the debug log
};

// `folder` is the absolute folder that relative paths in flags and environment are relative to.
//
// Throws Error: usage (64) for a bad flag; bad_configuration (78) for a mistake in the environment or in slipway.toml,
// including an unknown name. The exceptions are SLIPWAY_INIT_*, which belong to slipway-init, and the variables that
// Kubernetes sets for a service named slipway (SLIPWAY_SERVICE_HOST, SLIPWAY_PORT_…).
ResolvedSettings resolve(const Flags& flags, const Environment& environment, const std::filesystem::path& folder);

}  // namespace slipway
