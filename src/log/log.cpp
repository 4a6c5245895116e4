#include "log/log.h"

#include <cstdlib>
#include <memory>
#include <utility>

#include <nlohmann/json.hpp>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "base/hex.h"

namespace slipway::log {
namespace {

// RFC 3339 in UTC, with milliseconds.
constexpr auto text_pattern = "%Y-%m-%dT%H:%M:%S.%eZ %^%-7l%$ %v";
constexpr auto json_pattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";
constexpr auto logfmt_pattern = "time=%Y-%m-%dT%H:%M:%S.%eZ level=%l %v";

const char* pattern(Format format) {
  switch (format) {
    case Format::text:
      return text_pattern;
    case Format::json:
      return json_pattern;
    case Format::logfmt:
      return logfmt_pattern;
  }
  return text_pattern;
}

struct Sink {
  std::shared_ptr<spdlog::logger> logger;
  Format format = Format::text;
  std::string database;
};

spdlog::color_mode color_mode(Color color) {
  const char* no_color = std::getenv("NO_COLOR");
  if (color == Color::always) return spdlog::color_mode::always;
  if (color == Color::never || (no_color != nullptr && *no_color != '\0')) return spdlog::color_mode::never;
  return ::isatty(STDERR_FILENO) == 1 ? spdlog::color_mode::always : spdlog::color_mode::never;
}

Sink make(const Options& options) {
  auto sink = std::make_shared<spdlog::sinks::ansicolor_stderr_sink_st>(
      options.format == Format::text ? color_mode(options.color) : spdlog::color_mode::never);
  auto logger = std::make_shared<spdlog::logger>("slipway", std::move(sink));
  logger->set_formatter(
      std::make_unique<spdlog::pattern_formatter>(pattern(options.format), spdlog::pattern_time_type::utc));
  logger->set_level(static_cast<spdlog::level::level_enum>(options.level));
  logger->flush_on(spdlog::level::trace);
  return {std::move(logger), options.format, options.database};
}

static_assert(static_cast<int>(Level::trace) == SPDLOG_LEVEL_TRACE);
static_assert(static_cast<int>(Level::error) == SPDLOG_LEVEL_ERROR);

Sink& current() {
  static Sink sink = make({});
  return sink;
}

using Json = nlohmann::ordered_json;

std::string written(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The fields of an event for programs, in order; the pattern adds time and level before them.
Json members(const Sink& sink, std::string_view event, std::string_view sentence, Fields fields) {
  Json line;
  line["event"] = event;
  line["message"] = sentence;
  if (!sink.database.empty()) line["database"] = sink.database;
  for (const Field& field : fields)
    std::visit([&](const auto& value) { line.emplace(field.key, value); }, field.value);
  return line;
}

std::string as_json(const Json& members) {
  const std::string object = written(members);
  return object.substr(1, object.size() - 2);  // without the braces, which the pattern adds
}

// A value in logfmt: bare, or as a JSON string if it is not one word.
std::string word(const Json& value) {
  std::string text = written(value);
  if (!value.is_string()) return text;
  const std::string_view inside = std::string_view{text}.substr(1, text.size() - 2);
  const bool is_word = !inside.empty() && inside.find_first_of(" =\\\x7f") == std::string_view::npos;
  return is_word ? std::string{inside} : text;
}

// https://brandur.org/logfmt, with the quotes of Go's logfmt packages.
std::string as_logfmt(const Json& members) {
  std::string line;
  for (const auto& [key, value] : members.items())
    line.append(line.empty() ? "" : " ").append(key).append("=").append(word(value));
  return line;
}

// A server's notice and a migrator's output may contain anything. Control characters, which could move a terminal's
// cursor or change its colours, are shown as \x1b. Line ends stay.
std::string without_controls(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    const bool is_control = (code < 0x20U && c != '\n' && c != '\t') || code == 0x7FU;
    if (is_control)
      result.append("\\x").append(to_hex(code));
    else
      result += c;
  }
  return result;
}

}  // namespace

void open(const Options& options) {
  current() = make(options);
}

bool enabled(Level level) noexcept {
  return current().logger->should_log(static_cast<spdlog::level::level_enum>(level));
}

void write(Level level, std::string_view event, std::string_view sentence, Fields fields) {
  if (!enabled(level)) return;
  const Sink& sink = current();
  const auto line = [&]() -> std::string {
    switch (sink.format) {
      case Format::json:
        return as_json(members(sink, event, sentence, fields));
      case Format::logfmt:
        return as_logfmt(members(sink, event, sentence, fields));
      case Format::text:
        break;
    }
    return without_controls(sentence);
  };
  sink.logger->log(static_cast<spdlog::level::level_enum>(level), spdlog::string_view_t{line()});
}

}  // namespace slipway::log
