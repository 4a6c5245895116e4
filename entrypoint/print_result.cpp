#include "print_result.h"

#include <iostream>

#include <nlohmann/json.hpp>

namespace slipway {

void print_result(Context& context, const std::function<std::string()>& text,
                  const std::function<nlohmann::ordered_json()>& json) {
  if (context.settings().output.format == ResultFormat::json)
    std::cout << json().dump(2) << "\n";
  else
    std::cout << text();
}

}  // namespace slipway
