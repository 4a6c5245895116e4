#include "base/utf8.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include <utf8proc.h>

namespace slipway {
namespace {

// The length of the well-formed character at the text's begin, or a negative number.
utf8proc_ssize_t iterate(std::string_view text, utf8proc_int32_t& code_point) {
  return utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                          static_cast<utf8proc_ssize_t>(text.size()), &code_point);
}

}  // namespace

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
    utf8proc_int32_t code_point = 0;
    const utf8proc_ssize_t length = iterate(text.substr(at), code_point);
    if (length < 0) return at;
    at += static_cast<std::size_t>(length);
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
  utf8proc_int32_t code_point = 0;
  const utf8proc_ssize_t length = iterate(text, code_point);
  if (length < 0) return {.bytes = text.substr(0, 1)};
  const bool is_control = utf8proc_category(code_point) == UTF8PROC_CATEGORY_CC;
  return {.bytes = text.substr(0, static_cast<std::size_t>(length)),
          .columns = is_control ? 1 : utf8proc_charwidth(code_point),
          .is_control = is_control};
}

}  // namespace slipway
