#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

// Durations, read and written.
//
// There is one grammar for settings, migration files and slipway-init: `500ms`, `10s`, `5min` or `5m`, `1h`, `2d`,
// `1h30m`; a bare number is seconds. No blanks, signs or fractions; each unit at most once, greatest first.

namespace slipway {

// The greatest duration that PostgreSQL takes for a timeout: an int of milliseconds (guc.h, GUC_UNIT_MS), 24
// days.
constexpr std::chrono::milliseconds longest_duration{2'147'483'647};

// What a duration looks like, for the hint of an error.
constexpr std::string_view duration_form =
    "write 500ms, 10s, 5min, 1h or 1h30m, at most 596h (a bare number is seconds)";

// Absent if `text` is not a duration, or is a longer one than `longest`.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text,
                                                        std::chrono::milliseconds longest = longest_duration);

// The text that parse_duration() accepts: "1h30min", "500ms", "0".
std::string to_string(std::chrono::milliseconds duration);

// The bare number, as PostgreSQL takes a timeout: "3000".
std::string in_milliseconds(std::chrono::milliseconds duration);

// In a sentence of the log: "420 ms", and from ten seconds on "31 s".
std::string to_text(std::chrono::milliseconds duration);

// With one decimal, for a value that a person watches: "5.3 s".
std::string in_seconds(std::chrono::milliseconds duration);

// The time since then.
std::chrono::milliseconds since(std::chrono::steady_clock::time_point then);

}  // namespace slipway
