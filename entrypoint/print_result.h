#pragma once

#include <functional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "context.h"

namespace slipway {

// A command's result to stdout: JSON where that is asked for, else text. Only the one that is printed is made.
void print_result(Context& context, const std::function<std::string()>& text,
                  const std::function<nlohmann::ordered_json()>& json);

}  // namespace slipway
