#pragma once

#include <string_view>

// Environment variables with a name like one of ours that nobody misspelt.

namespace slipway {

// Kubernetes sets these in every pod for a service named slipway or slipway-something (kubernetes.io, "Service",
// environment variables).
constexpr bool is_of_kubernetes(std::string_view name) {
  return name.ends_with("_SERVICE_HOST") || name.find("_SERVICE_PORT") != std::string_view::npos ||
         name.ends_with("_PORT") || name.find("_PORT_") != std::string_view::npos;
}

}  // namespace slipway
