#include "base/text.h"

#include <algorithm>

namespace slipway {
namespace {

// The length of the line end at `at`, if there is one.
std::size_t line_end_length(std::string_view text, std::size_t at) {
  return text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
}

}  // namespace

std::optional<Line> Lines::next() {
  if (at_ >= text_.size()) return std::nullopt;
  const std::size_t begin = at_;
  // Two searches for one byte each are many times faster than one search for either byte. A text without LF is searched
  // for it only once.
  if (line_feed_ < begin || begin == 0) line_feed_ = std::min(text_.find('\n', begin), text_.size());
  const std::size_t stop = std::min(text_.substr(0, line_feed_).find('\r', begin), line_feed_);
  at_ = stop == text_.size() ? stop : stop + line_end_length(text_, stop);
  return Line{.text = text_.substr(begin, stop - begin), .begin = begin, .end = at_, .number = ++number_};
}

int count_line_ends(std::string_view text) {
  int count = 0;
  for (std::size_t at = 0; at < text.size(); ++at)
    if (text[at] == '\n' || (text[at] == '\r' && line_end_length(text, at) == 1)) ++count;
  return count;
}

std::string with_unix_line_ends(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\r') {
      result += text[at];
    } else {
      result += '\n';
      at += line_end_length(text, at) - 1;
    }
  }
  return result;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string in_quotes(std::string_view text) {
  return "'" + std::string{text} + "'";
}

std::string in_ticks(std::string_view text) {
  return "`" + std::string{text} + "`";
}

std::optional<bool> parse_toggle(std::string_view text) {
  for (const std::string_view on : {"1", "true", "yes", "on"})
    if (text == on) return true;
  for (const std::string_view off : {"0", "false", "no", "off"})
    if (text == off) return false;
  return std::nullopt;
}

std::string to_lower(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(), [](char c) { return to_lower(c); });
  return result;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, {}, [](char c) { return to_lower(c); }, [](char c) { return to_lower(c); });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

}  // namespace slipway
