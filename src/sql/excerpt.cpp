#include "sql/excerpt.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace slipway {
namespace {

constexpr int widest = 76;       // columns, so that it fits a terminal of 80 with an indent
constexpr int most_before = 52;  // of them before the caret, when the line has to be cut

struct CodePoints {
  char32_t first, last;
};

// What a terminal shows over the character before it (Unicode: Mn, Me, Cf, the common blocks).
constexpr std::array combining{
    CodePoints{0x0300, 0x036F}, CodePoints{0x1AB0, 0x1AFF}, CodePoints{0x1DC0, 0x1DFF}, CodePoints{0x200B, 0x200F},
    CodePoints{0x20D0, 0x20FF}, CodePoints{0xFE00, 0xFE0F}, CodePoints{0xFE20, 0xFE2F}, CodePoints{0xFEFF, 0xFEFF},
};

// What a terminal shows in two columns (Unicode: East Asian Width W and F, in blocks). wcwidth(3) would depend on the
// locale, which a container often has none of.
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

struct Character {
  std::string text;
  int columns = 1;
};

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
}

// The characters of a line as they are shown: tabs and other control characters as blanks.
std::vector<Character> characters_of(std::string_view line) {
  std::vector<Character> characters;
  while (!line.empty()) {
    std::size_t length = 1;
    while (length < line.size() && !begins_character(line[length]))
      ++length;
    const std::string_view bytes = line.substr(0, length);
    line.remove_prefix(length);
    constexpr std::array<unsigned char, 5> lead_bits{0, 0x7F, 0x1F, 0x0F, 0x07};
    auto code_point =
        static_cast<char32_t>(static_cast<unsigned char>(bytes[0]) & lead_bits.at(std::min<std::size_t>(length, 4)));
    for (const char c : bytes.substr(1))
      code_point = (code_point << 6U) | (static_cast<unsigned char>(c) & 0x3FU);
    const bool control = code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0);
    const int columns = is_in(combining, code_point) ? 0 : is_in(wide, code_point) ? 2 : 1;
    characters.push_back({.text = control ? " " : std::string{bytes}, .columns = control ? 1 : columns});
  }
  return characters;
}

int columns_of(const std::vector<Character>& characters, std::size_t first, std::size_t last) {
  int columns = 0;
  for (std::size_t i = first; i < last; ++i)
    columns += characters[i].columns;
  return columns;
}

// The characters `first` up to `last`, exclusive, that are shown.
struct Window {
  std::size_t first = 0;
  std::size_t last = 0;
};

Window window_around(const std::vector<Character>& characters, std::size_t caret) {
  Window window{.first = 0, .last = characters.size()};
  if (columns_of(characters, 0, characters.size()) <= widest) return window;
  for (int before = columns_of(characters, 0, caret); before > most_before; ++window.first)
    before -= characters[window.first].columns;
  int columns = window.first > 0 ? 1 : 0;
  for (window.last = window.first; window.last < characters.size(); ++window.last) {
    columns += characters[window.last].columns;
    if (columns >= widest && window.last + 1 < characters.size()) break;
  }
  return window;
}

std::string drawn(std::string_view line, std::size_t caret) {
  const std::vector<Character> characters = characters_of(line);
  caret = std::min(caret, characters.size());
  const Window window = window_around(characters, caret);
  std::string text = window.first > 0 ? "…" : "";
  for (std::size_t i = window.first; i < window.last; ++i)
    text += characters[i].text;
  if (window.last < characters.size()) text += "…";
  const int indent = (window.first > 0 ? 1 : 0) + columns_of(characters, window.first, caret);
  return text + "\n" + std::string(static_cast<std::size_t>(indent), ' ') + "^";
}

}  // namespace

Excerpt excerpt(const Script& script, std::size_t position) {
  const std::string_view sql = script.sql;
  std::size_t at = 0;
  for (std::size_t character = 0; at < sql.size(); ++at)
    if (begins_character(sql[at]) && ++character >= position) break;

  Line line{.text = sql.substr(0, 0), .begin = 0, .end = 0, .number = 1};
  for (Lines lines{sql}; const auto next = lines.next();) {
    line = *next;
    if (at < line.end) break;
  }
  const std::string_view before = sql.substr(line.begin, std::min(at, line.begin + line.text.size()) - line.begin);
  const auto caret = static_cast<std::size_t>(std::ranges::count_if(before, begins_character));
  return {.line = script.first_line + line.number - 1, .text = drawn(line.text, caret)};
}

}  // namespace slipway
