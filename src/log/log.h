#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

// The log on stderr, for people (text) or for programs (JSON lines, logfmt). Results go to stdout.
//
// Each line is an event with a stable name (docs/log-events.md), a sentence, and fields. Text shows only the sentence,
// so everything important is part of the sentence. No field or sentence may hold a secret, and no field is named time,
// level, event, message or database.
//
// Do not use it between fork and exec or in a signal handler.

namespace slipway::log {

enum class Level { trace, debug, info, warning, error, off };
enum class Format { text, json, logfmt };
enum class Color { automatic, always, never };

struct Field {
  std::string_view key;
  std::variant<std::string, std::int64_t, double, bool> value;
};
using Fields = std::initializer_list<Field>;

struct Options {
  Format format = Format::text;
  Level level = Level::info;
  Color color = Color::automatic;  // of text on a terminal, unless NO_COLOR is set (https://no-color.org)
  std::string database{};          // added to every line, for programs; without a secret; empty: none
};

// Until this is called, text at level info goes to stderr.
void open(const Options& options);

bool enabled(Level level) noexcept;

void write(Level level, std::string_view event, std::string_view sentence, Fields fields = {});

inline void trace(std::string_view event, std::string_view sentence, Fields fields = {}) {
  write(Level::trace, event, sentence, fields);
}
inline void debug(std::string_view event, std::string_view sentence, Fields fields = {}) {
  write(Level::debug, event, sentence, fields);
}
inline void info(std::string_view event, std::string_view sentence, Fields fields = {}) {
  write(Level::info, event, sentence, fields);
}
inline void warning(std::string_view event, std::string_view sentence, Fields fields = {}) {
  write(Level::warning, event, sentence, fields);
}
inline void error(std::string_view event, std::string_view sentence, Fields fields = {}) {
  write(Level::error, event, sentence, fields);
}

}  // namespace slipway::log
