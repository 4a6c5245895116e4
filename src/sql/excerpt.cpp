#include "sql/excerpt.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "base/utf8.h"

namespace slipway {
namespace {

constexpr int widest = 76;       // columns, so that it fits a terminal of 80 with an indent
constexpr int most_before = 52;  // columns before the caret if the line has to be cut

struct Column {
  std::string text;
  int width = 1;
};

// The characters of a line as they are shown. Tabs and other control characters become spaces.
std::vector<Column> characters_of(std::string_view line) {
  std::vector<Column> characters;
  while (!line.empty()) {
    const Character character = first_character(line);
    characters.push_back(
        {.text = character.is_control ? " " : std::string{character.bytes}, .width = character.columns});
    line.remove_prefix(character.bytes.size());
  }
  return characters;
}

int columns_of(const std::vector<Column>& characters, std::size_t first, std::size_t last) {
  int columns = 0;
  for (std::size_t i = first; i < last; ++i)
    columns += characters[i].width;
  return columns;
}

// The characters that are shown, from `first` to `last`, exclusive.
struct Window {
  std::size_t first = 0;
  std::size_t last = 0;
};

Window window_around(const std::vector<Column>& characters, std::size_t caret) {
  Window window{.first = 0, .last = characters.size()};
  if (columns_of(characters, 0, characters.size()) <= widest) return window;
  for (int before = columns_of(characters, 0, caret); before > most_before; ++window.first)
    before -= characters[window.first].width;
  int columns = window.first > 0 ? 1 : 0;
  for (window.last = window.first; window.last < characters.size(); ++window.last) {
    columns += characters[window.last].width;
    if (columns >= widest && window.last + 1 < characters.size()) break;
  }
  return window;
}

std::string drawn(std::string_view line, std::size_t caret) {
  const std::vector<Column> characters = characters_of(line);
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
    if (!continues_character(sql[at]) && ++character >= position) break;

  Line line{.text = sql.substr(0, 0), .begin = 0, .end = 0, .number = 1};
  for (Lines lines{sql}; const auto next = lines.next();) {
    line = *next;
    if (at < line.end) break;
  }
  const std::string_view before = sql.substr(line.begin, std::min(at, line.begin + line.text.size()) - line.begin);
  const auto caret = static_cast<std::size_t>(count_characters(before));
  return {.line = script.first_line + line.number - 1, .text = drawn(line.text, caret)};
}

}  // namespace slipway
