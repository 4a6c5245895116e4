#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

// Durations as settings and migration files write them: `500ms`, `10s`, `5min` or `5m`, `1h`, `1h30m`; a bare
// number is seconds. No blanks, signs or fractions; each unit at most once, greatest first.

namespace slipway {

// The greatest duration that PostgreSQL takes for a timeout: an int of milliseconds (guc.h, GUC_UNIT_MS), 24
// days.
constexpr std::chrono::milliseconds longest_duration{2'147'483'647};

// What a duration looks like, for the hint of an error.
constexpr std::string_view duration_form =
    "write 500ms, 10s, 5min, 1h or 1h30m, at most 596h (a bare number is seconds)";

// Absent where `text` is not a duration, or a longer one than longest_duration.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

// What parse_duration reads back: "1h30min", "500ms", "0".
std::string to_string(std::chrono::milliseconds duration);

}  // namespace slipway
