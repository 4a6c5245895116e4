#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// UTF-8, which all of the project's texts are: whether it is well formed, its characters, and how wide they are.

namespace slipway {

// Whether the byte is the second or a later one of its character: 10xxxxxx.
constexpr bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// The offset of the first byte that is not part of well-formed UTF-8 (RFC 3629: no overlong forms, no
// surrogates).
std::optional<std::size_t> first_not_utf8(std::string_view text);

std::size_t count_characters(std::string_view text);

// The longest beginning of the text with whole characters that has at most that many bytes or characters.
std::string_view first_bytes(std::string_view text, std::size_t most);
std::string_view first_characters(std::string_view text, std::size_t most);

// The text if it has at most that many bytes; otherwise its beginning with an ellipsis.
std::string shortened(std::string_view text, std::size_t most_bytes);

// `?` in the place of each character beyond ASCII.
std::string with_ascii(std::string_view text);

// A character of a text, and how many columns a terminal shows it in: 0 for one that combines with the character before
// it, 2 for East Asian wide ones and emoji. A control character counts as one column.
struct Character {
  std::string_view bytes;
  int columns = 1;
  bool is_control = false;
};

// The first character of a text that is not empty. A byte that is part of no character counts as one.
Character first_character(std::string_view text);

}  // namespace slipway
