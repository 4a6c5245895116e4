#include "base/duration.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

namespace slipway {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
  int rank;  // a unit may follow only units of a higher rank
};

constexpr std::array units{Unit{"d", 86'400'000, 5}, Unit{"h", 3'600'000, 4}, Unit{"min", 60'000, 3},
                           Unit{"m", 60'000, 3},     Unit{"s", 1'000, 2},     Unit{"ms", 1, 1}};

const Unit* unit_named(std::string_view name) {
  for (const Unit& unit : units)
    if (unit.name == name) return &unit;
  return nullptr;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text, std::chrono::milliseconds longest) {
  constexpr auto digits = "0123456789";
  std::int64_t total = 0;
  int last_rank = std::numeric_limits<int>::max();
  if (text.empty()) return std::nullopt;
  for (bool first = true; !text.empty(); first = false) {
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{} || text.front() == '-') return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));

    const std::string_view name = text.substr(0, text.find_first_of(digits));
    const Unit* unit = name.empty() && first && text.empty() ? unit_named("s") : unit_named(name);
    if (unit == nullptr || unit->rank >= last_rank) return std::nullopt;
    last_rank = unit->rank;
    text.remove_prefix(name.size());

    if (number > longest.count() / unit->milliseconds) return std::nullopt;
    total += number * unit->milliseconds;
    if (total > longest.count()) return std::nullopt;
  }
  return std::chrono::milliseconds{total};
}

std::string to_string(std::chrono::milliseconds duration) {
  std::string text;
  std::int64_t rest = duration.count();
  for (const Unit& unit : units) {
    if (unit.name == "m" || unit.name == "d") continue;  // redundant: min and h are written instead
    if (const std::int64_t number = rest / unit.milliseconds; number > 0) {
      text += std::to_string(number);
      text += unit.name;
      rest %= unit.milliseconds;
    }
  }
  return text.empty() ? "0" : text;
}

std::string in_milliseconds(std::chrono::milliseconds duration) {
  return std::to_string(duration.count());
}

std::string to_text(std::chrono::milliseconds duration) {
  using namespace std::chrono_literals;
  return duration < 10s ? std::to_string(duration / 1ms) + " ms" : std::to_string(duration / 1s) + " s";
}

std::string in_seconds(std::chrono::milliseconds duration) {
  const auto tenths = duration / std::chrono::milliseconds{100};
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

std::chrono::milliseconds since(std::chrono::steady_clock::time_point then) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - then);
}

}  // namespace slipway
