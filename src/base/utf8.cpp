#include "base/utf8.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace slipway {
namespace {

// libutf8proc is not used, because its tables would add 350 kB to the portable program.
//
// RFC 3629, section 4: the lead bytes, the number of bytes that follow, and the range of the first of those.
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

struct CodePoints {
  char32_t first, last;
};

// Characters that a terminal shows over the one before them (Unicode: Mn, Me, Cf, the common blocks).
constexpr std::array combining{
    CodePoints{0x0300, 0x036F}, CodePoints{0x1AB0, 0x1AFF}, CodePoints{0x1DC0, 0x1DFF}, CodePoints{0x200B, 0x200F},
    CodePoints{0x20D0, 0x20FF}, CodePoints{0xFE00, 0xFE0F}, CodePoints{0xFE20, 0xFE2F}, CodePoints{0xFEFF, 0xFEFF},
};

// What a terminal shows in two columns (Unicode: East Asian Width W and F, in blocks). wcwidth(3) depends on the
// locale, and containers often have none.
constexpr std::array wide{
    CodePoints{0x1100, 0x115F},   CodePoints{0x2E80, 0x303E},   CodePoints{0x3041, 0x4DBF},
    CodePoints{0x4E00, 0xA4CF},   CodePoints{0xA960, 0xA97F},   CodePoints{0xAC00, 0xD7A3},
    CodePoints{0xF900, 0xFAFF},   CodePoints{0xFE30, 0xFE6F},   CodePoints{0xFF00, 0xFF60},
    CodePoints{0xFFE0, 0xFFE6},   CodePoints{0x1F300, 0x1F64F}, CodePoints{0x1F680, 0x1F6FF},
    CodePoints{0x1F900, 0x1F9FF}, CodePoints{0x20000, 0x3FFFD},
};

template <typename Table>
bool is_in(const Table& table, char32_t code_point) {
  return std::ranges::any_of(table,
                             [&](const CodePoints& row) { return code_point >= row.first && code_point <= row.last; });
}

// `bytes` must be a well-formed character.
char32_t code_point_of(std::string_view bytes) {
  constexpr std::array<unsigned char, 5> lead_bits{0, 0x7F, 0x1F, 0x0F, 0x07};
  auto code_point = static_cast<char32_t>(static_cast<unsigned char>(bytes[0]) & lead_bits.at(bytes.size()));
  for (const char c : bytes.substr(1))
    code_point = (code_point << 6U) | (static_cast<unsigned char>(c) & 0x3FU);
  return code_point;
}

}  // namespace

std::optional<std::size_t> first_not_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    // Eight bytes of ASCII at a time, because most of a migration is ASCII.
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

std::string with_ascii(std::string_view text) {
  std::string ascii;
  for (const char byte : text)
    if (!continues_character(byte)) ascii += static_cast<unsigned char>(byte) < 0x80 ? byte : '?';
  return ascii;
}

Character first_character(std::string_view text) {
  const std::size_t length = utf8_length(text, 0);
  if (length == 0) return {.bytes = text.substr(0, 1)};
  const std::string_view bytes = text.substr(0, length);
  const char32_t code_point = code_point_of(bytes);
  const bool is_control = code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0);
  const int columns = is_in(combining, code_point) ? 0 : is_in(wide, code_point) ? 2 : 1;
  return {.bytes = bytes, .columns = is_control ? 1 : columns, .is_control = is_control};
}

}  // namespace slipway
