#include "measure/number.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace slipway::bench {

std::string rounded(double number) {
  const double size = std::abs(number);
  const int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 || size == 0 ? 2 : size >= 0.01 ? 3 : 4;
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, number);
  return text.data();
}

}  // namespace slipway::bench
