#pragma once

#include <string>

// Numbers as a table shows them.

namespace slipway::bench {

// Three digits, or all of those before the point: "0.0123", "27.4", "3512".
std::string rounded(double number);

}  // namespace slipway::bench
