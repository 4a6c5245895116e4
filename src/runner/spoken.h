#pragma once

#include <chrono>
#include <string>

namespace slipway {

// A duration in a sentence of the log: "420 ms", "31 s".
inline std::string spoken(std::chrono::milliseconds duration) {
  if (duration < std::chrono::seconds{10}) return std::to_string(duration.count()) + " ms";
  return std::to_string(duration.count() / 1000) + " s";
}

}  // namespace slipway
