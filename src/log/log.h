#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

// The log: what slipway does and why, on stderr, for people (text) or for programs (JSON lines). Results never come
// here, they go to stdout.
//
// Each line is an event with a stable name (docs/log-events.md), a sentence, and fields. Text shows the sentence
// alone; a field worth reading is part of the sentence. No field or sentence may hold a secret, and no field is named
// time, level, event or message.
//
// Not for use between fork and exec, nor in a signal handler.

namespace slipway::log {

enum class Level { trace, debug, info, warning, error, off };
enum class Format { text, json };
enum class Color { automatic, always, never };

struct Field {
  std::string_view key;
  std::variant<std::string, std::int64_t, double, bool> value;
};
using Fields = std::initializer_list<Field>;

// Until this is called, text at level info goes to stderr. `automatic` colours a terminal unless NO_COLOR is set
// (https://no-color.org).
void open(Format format, Level level, Color color);

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
