#pragma once

#include <span>
#include <string>

#include <nlohmann/json.hpp>

#include "settings/resolve.h"

// The output of `slipway config`: every setting with its effective value and its source. Secrets are masked.

namespace slipway {

// Aligned columns with a heading and one line per setting. Each line ends with a newline.
std::string as_text(std::span<const EffectiveSetting> settings);

// {"role": {"value": "migrator", "source": "flag --role"}, …} in the order of options(); the value of a
// setting that is not set is null.
nlohmann::ordered_json as_json(std::span<const EffectiveSetting> settings);

}  // namespace slipway
