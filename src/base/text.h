#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Text: its lines, its parts, its characters. What is passed in must outlive the views that are returned.

namespace slipway {

// A line ends with LF, CR LF or a lone CR: PostgreSQL's scanner ends a comment at each of them (scan.l).
struct Line {
  std::string_view text;  // without the line end
  std::size_t begin = 0;  // the offset of its first byte
  std::size_t end = 0;    // the offset after its line end
  int number = 1;         // counts from 1
};

// Walks the lines of a text. A text that ends with a line end has no empty line after it.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_{text} {}
  std::optional<Line> next();

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_feed_ = 0;  // the next one, or the text's end
  int number_ = 0;
};

// How many line ends the text holds.
int count_line_ends(std::string_view text);

// The text with every line end as LF.
std::string with_unix_line_ends(std::string_view text);

// The parts between the separators; an empty text is one empty part.
std::vector<std::string_view> split(std::string_view text, char separator);

// The elements with `separator` between them: "a, b, c". `text_of` makes text of an element that is not text.
template <typename Range, typename Projection = std::identity>
std::string join(const Range& range, std::string_view separator = ", ", Projection text_of = {}) {
  std::string text;
  bool first = true;
  for (const auto& element : range) {
    if (!first) text += separator;
    first = false;
    text += std::invoke(text_of, element);
  }
  return text;
}

// The text as errors and the log quote it: 'text' for user input and file names, `text` for parts of a migration file.
std::string in_quotes(std::string_view text);
std::string in_ticks(std::string_view text);

// The words that turn something on or off: 1, true, yes, on, or 0, false, no, off. Absent if it is none of these.
std::optional<bool> parse_toggle(std::string_view text);

// For the hint of an error.
constexpr std::string_view toggle_form = "write true or false, 1 or 0, yes or no, on or off";

// ASCII alone, whatever the locale: what PostgreSQL folds in UTF-8 databases (scansup.c,
// downcase_identifier).
constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\f' || c == '\v';
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
std::string to_lower(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);
std::string_view trimmed(std::string_view text);

}  // namespace slipway
