#pragma once

#include <functional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "context.h"

namespace slipway {

// Prints the result of a command to stdout: as JSON if it is asked for, otherwise as text. Only the form that is
// printed is made.
void print_result(Context& context, const std::function<std::string()>& text,
                  const std::function<nlohmann::ordered_json()>& json);

}  // namespace slipway
