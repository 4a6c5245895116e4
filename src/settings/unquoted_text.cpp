#include "settings/unquoted_text.h"

namespace slipway {
namespace {

bool is_ascii(char character) {
  return static_cast<unsigned char>(character) < 0x80;
}

// Of a string that begins at `begin`: `"`, `'`, `"""` or `'''`.
std::string_view delimiter_at(std::string_view text, std::size_t begin) {
  const std::string_view three = text.substr(begin, 3);
  return three == R"(""")" || three == "'''" ? three : text.substr(begin, 1);
}

}  // namespace

std::optional<std::size_t> find_unquoted_non_ascii(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  std::size_t i = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  while (i < text.size()) {
    if (!is_ascii(text[i])) return i;
    if (text[i] == '#') {
      i = text.find('\n', i);
      if (i == std::string_view::npos) return std::nullopt;
    } else if (text[i] == '"' || text[i] == '\'') {
      const std::string_view delimiter = delimiter_at(text, i);
      const bool has_escapes = delimiter.front() == '"';
      for (i += delimiter.size(); i < text.size() && text.substr(i, delimiter.size()) != delimiter; ++i) {
        if (text[i] == '\n' && delimiter.size() == 1) return std::nullopt;
        if (text[i] != '\\' || !has_escapes || ++i == text.size()) continue;
        if (!is_ascii(text[i])) return i;
      }
      i += delimiter.size();
    } else {
      ++i;
    }
  }
  return std::nullopt;
}

}  // namespace slipway
