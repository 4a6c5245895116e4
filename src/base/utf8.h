#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// UTF-8, the encoding of all text in slipway: validation, characters, and their width on a terminal.

namespace slipway {

// Whether the byte is a continuation byte: 10xxxxxx.
constexpr bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// The offset of the first byte that is not part of well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
// Absent if there is none.
std::optional<std::size_t> first_not_utf8(std::string_view text);

std::size_t count_characters(std::string_view text);

// The longest beginning of the text with whole characters that has at most that many bytes or characters.
std::string_view first_bytes(std::string_view text, std::size_t most);
std::string_view first_characters(std::string_view text, std::size_t most);

// The text if it has at most that many bytes; otherwise its beginning with an ellipsis.
std::string shortened(std::string_view text, std::size_t most_bytes);

// Replaces each character outside ASCII with `?`.
std::string with_ascii(std::string_view text);

// A character of a text, and how many columns a terminal shows it in: 0 for one that combines with the character before
// it, 2 for East Asian wide ones and emoji. A control character counts as one column.
struct Character {
  std::string_view bytes;
  int columns = 1;
  bool is_control = false;
};

// The first character of a text, which must not be empty. A byte that is not part of a character counts as one.
Character first_character(std::string_view text);

}  // namespace slipway
