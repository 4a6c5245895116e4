#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace slipway {
namespace {

// The length of the line end at `at`, where there is one.
std::size_t line_end_length(std::string_view text, std::size_t at) {
  return text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
}

// RFC 3629, section 4: the lead bytes, how many bytes follow, and what the first of those may be.
struct Utf8Lead {
  std::uint8_t first, last;
  std::uint8_t following;
  std::uint8_t second_min, second_max;
};
constexpr std::array<Utf8Lead, 8> utf8_leads{{
    {0xC2, 0xDF, 1, 0x80, 0xBF},
    {0xE0, 0xE0, 2, 0xA0, 0xBF},
    {0xE1, 0xEC, 2, 0x80, 0xBF},
    {0xED, 0xED, 2, 0x80, 0x9F},
    {0xEE, 0xEF, 2, 0x80, 0xBF},
    {0xF0, 0xF0, 3, 0x90, 0xBF},
    {0xF1, 0xF3, 3, 0x80, 0xBF},
    {0xF4, 0xF4, 3, 0x80, 0x8F},
}};

// The length of the well-formed character at `at`, or 0.
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  if (byte(at) < 0x80) return 1;
  const auto* lead = std::ranges::find_if(
      utf8_leads, [&](const Utf8Lead& row) { return byte(at) >= row.first && byte(at) <= row.last; });
  if (lead == utf8_leads.end() || at + lead->following >= text.size()) return 0;
  if (byte(at + 1) < lead->second_min || byte(at + 1) > lead->second_max) return 0;
  for (std::size_t i = 2; i <= lead->following; ++i)
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  return 1U + lead->following;
}

}  // namespace

std::optional<Line> Lines::next() {
  if (at_ >= text_.size()) return std::nullopt;
  const std::size_t begin = at_;
  // Two searches for one byte each are many times faster than one for two. A text of CRs alone is searched once for LF.
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

std::optional<std::size_t> first_not_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    // Eight bytes of ASCII at a time: nearly all of every migration.
    std::uint64_t eight = 0;
    while (at + sizeof eight <= text.size()) {
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if ((eight & 0x8080808080808080U) != 0) break;
      at += sizeof eight;
    }
    if (at == text.size()) break;
    const std::size_t length = utf8_length(text, at);
    if (length == 0) return at;
    at += length;
  }
  return std::nullopt;
}

std::optional<bool> parse_toggle(std::string_view text) {
  for (const std::string_view on : {"1", "true", "yes", "on"})
    if (text == on) return true;
  for (const std::string_view off : {"0", "false", "no", "off"})
    if (text == off) return false;
  return std::nullopt;
}

std::size_t count_characters(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::ranges::count_if(text, continues_character));
}

std::string_view first_bytes(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && continues_character(text[most]))
    --most;
  return text.substr(0, most);
}

std::string_view first_characters(std::string_view text, std::size_t most) {
  std::size_t end = 0;
  for (; end < text.size(); ++end)
    if (!continues_character(text[end]) && most-- == 0) break;
  return text.substr(0, end);
}

std::string shortened(std::string_view text, std::size_t most_bytes) {
  constexpr std::string_view ellipsis = "…";
  if (text.size() <= most_bytes) return std::string{text};
  if (most_bytes < ellipsis.size()) return {};
  return std::string{first_bytes(text, most_bytes - ellipsis.size())}.append(ellipsis);
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
