#include "log/log.h"

#include <cstdlib>
#include <memory>
#include <utility>

#include <nlohmann/json.hpp>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace slipway::log {
namespace {

// RFC 3339 in UTC, with milliseconds.
constexpr auto text_pattern = "%Y-%m-%dT%H:%M:%S.%eZ %^%-7l%$ %v";
constexpr auto json_pattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";

struct Sink {
  std::shared_ptr<spdlog::logger> logger;
  Format format = Format::text;
};

spdlog::color_mode color_mode(Color color) {
  const char* no_color = std::getenv("NO_COLOR");
  if (color == Color::always) return spdlog::color_mode::always;
  if (color == Color::never || (no_color != nullptr && *no_color != '\0')) return spdlog::color_mode::never;
  return ::isatty(STDERR_FILENO) == 1 ? spdlog::color_mode::always : spdlog::color_mode::never;
}

Sink make(Format format, Level level, Color color) {
  auto sink = std::make_shared<spdlog::sinks::ansicolor_stderr_sink_st>(
      format == Format::json ? spdlog::color_mode::never : color_mode(color));
  auto logger = std::make_shared<spdlog::logger>("slipway", std::move(sink));
  logger->set_formatter(std::make_unique<spdlog::pattern_formatter>(
      format == Format::json ? json_pattern : text_pattern, spdlog::pattern_time_type::utc));
  logger->set_level(static_cast<spdlog::level::level_enum>(level));
  logger->flush_on(spdlog::level::trace);
  return {std::move(logger), format};
}

static_assert(static_cast<int>(Level::trace) == SPDLOG_LEVEL_TRACE);
static_assert(static_cast<int>(Level::error) == SPDLOG_LEVEL_ERROR);

Sink& current() {
  static Sink sink = make(Format::text, Level::info, Color::automatic);
  return sink;
}

// The members of a JSON object, without its braces: the pattern adds time and level before them.
std::string members(std::string_view event, std::string_view sentence, Fields fields) {
  nlohmann::ordered_json line;
  line["event"] = event;
  line["message"] = sentence;
  for (const Field& field : fields)
    std::visit([&](const auto& value) { line.emplace(field.key, value); }, field.value);
  const std::string object = line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  return object.substr(1, object.size() - 2);
}

// A server's notice and a migrator's output may hold anything; what moves a terminal's cursor or changes its colours
// shows as \x1b instead. Ends of lines stay, those of an error's sentences among them.
std::string without_controls(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    const bool is_control = (code < 0x20U && c != '\n' && c != '\t') || code == 0x7FU;
    if (is_control)
      result.append("\\x").append(1, digits[code >> 4U]).append(1, digits[code & 0xFU]);
    else
      result += c;
  }
  return result;
}

}  // namespace

void open(Format format, Level level, Color color) {
  current() = make(format, level, color);
}

bool enabled(Level level) noexcept {
  return current().logger->should_log(static_cast<spdlog::level::level_enum>(level));
}

void write(Level level, std::string_view event, std::string_view sentence, Fields fields) {
  if (!enabled(level)) return;
  const Sink& sink = current();
  const auto severity = static_cast<spdlog::level::level_enum>(level);
  if (sink.format == Format::json)
    sink.logger->log(severity, spdlog::string_view_t{members(event, sentence, fields)});
  else
    sink.logger->log(severity, spdlog::string_view_t{without_controls(sentence)});
}

}  // namespace slipway::log
