#include "init/duration.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <string>

#include "error/error.h"

namespace slipway {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
};

constexpr std::array<Unit, 5> units{{{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
constexpr std::int64_t longest = 366 * units.back().milliseconds;

Error no_duration(std::string_view text) {
  return {ExitCode::usage, "'" + std::string{text} + "' is no duration",
          "write it as 10s, 500ms or 1m30s; 0 for none; at most a year"};
}

}  // namespace

std::chrono::milliseconds init_duration(std::string_view text) {
  if (text.empty()) throw no_duration(text);
  std::int64_t total = 0;
  for (std::string_view rest = text; !rest.empty();) {
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (failure != std::errc{} || number < 0 || number > longest) throw no_duration(text);
    const bool first = rest.data() == text.data();
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    const std::string_view name = rest.substr(0, rest.find_first_of("0123456789"));
    rest.remove_prefix(name.size());
    const Unit* unit = name.empty() && first ? &units[1] : nullptr;
    for (const Unit& known : units)
      if (known.name == name) unit = &known;
    if (unit == nullptr || number > longest / unit->milliseconds) throw no_duration(text);
    total += number * unit->milliseconds;
  }
  if (total > longest) throw no_duration(text);
  return std::chrono::milliseconds{total};
}

}  // namespace slipway
