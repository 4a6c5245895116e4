#pragma once

#include <functional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "context.h"

namespace slipway {

// Prints the result of a command to stdout: as JSON if the user asks for it, otherwise as text. Calls only the function
// for the form that it prints.
void print_result(Context& context, const std::function<std::string()>& text,
                  const std::function<nlohmann::ordered_json()>& json);

}  // namespace slipway
