#include "settings/effective.h"

#include <algorithm>

#include "base/hex.h"
#include "settings/options.h"

namespace slipway {
namespace {

// The value on one line, with control characters as \xNN.
std::string on_one_line(std::string_view text) {
  std::string line;
  for (const char character : text) {
    const auto code = static_cast<unsigned char>(character);
    if (code < 0x20 || code == 0x7F) {
      line.append("\\x").append(to_hex(code));
    } else {
      line += character;
    }
  }
  return line;
}

std::string shown_value(const EffectiveSetting& setting) {
  if (!setting.value.empty()) return on_one_line(setting.value);
  return "(" + std::string{default_text(option(setting.key))} + ")";
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

// JSON is UTF-8, but a path or a role may contain any bytes.
std::string valid_utf8(const std::string& text) {
  const auto json = nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return nlohmann::json::parse(json).get<std::string>();
}

}  // namespace

std::string as_text(std::span<const EffectiveSetting> settings) {
  std::size_t key_width = 0;
  std::size_t value_width = 0;
  for (const EffectiveSetting& setting : settings) {
    key_width = std::max(key_width, setting.key.size());
    value_width = std::max(value_width, shown_value(setting).size());
  }
  const auto line = [&](std::string_view key, std::string value, std::string_view source) {
    return padded(std::string{key}, key_width) + "  " + padded(std::move(value), value_width) + "  " +
           std::string{source} + "\n";
  };
  std::string text = line("setting", "value", "source");
  for (const EffectiveSetting& setting : settings)
    text += line(setting.key, shown_value(setting), on_one_line(setting.source));
  return text;
}

nlohmann::ordered_json as_json(std::span<const EffectiveSetting> settings) {
  auto object = nlohmann::ordered_json::object();
  for (const EffectiveSetting& setting : settings) {
    auto value =
        setting.value.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(valid_utf8(setting.value));
    object[std::string{setting.key}] = {{"value", std::move(value)}, {"source", valid_utf8(setting.source)}};
  }
  return object;
}

}  // namespace slipway
