#pragma once

#include <chrono>
#include <string_view>

namespace slipway {

// "10s", "1m30s", "500ms", "2h", "0", and "10" for seconds, as Docker and Compose write a grace period. Throws Error
// (usage) for anything else and for what is longer than a year.
std::chrono::milliseconds init_duration(std::string_view text);

}  // namespace slipway
