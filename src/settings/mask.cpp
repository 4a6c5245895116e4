#include "settings/mask.h"

#include <algorithm>

namespace slipway {
namespace {

// The characters that end a word.
constexpr std::string_view word_ends = " \t\r\n";

// The password ends at the last @ of the word, because it may contain an @ itself.
std::string mask_urls(std::string text) {
  for (std::size_t from = 0; (from = text.find("://", from)) != std::string::npos;) {
    from += 3;
    const std::size_t end = std::min(text.find_first_of(word_ends, from), text.size());
    const std::size_t colon = text.find(':', from);
    const std::size_t at = text.substr(0, end).rfind('@');
    if (at == std::string::npos || colon >= at) continue;
    text.replace(colon + 1, at - colon - 1, "***");
  }
  return text;
}

std::string mask_assignments(std::string text, std::string_view name) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? char(a - 'A' + 'a') : a) == b; };
  for (auto from = text.begin(); true;) {
    const auto found = std::search(from, text.end(), name.begin(), name.end(), same);
    if (found == text.end()) return text;
    auto begin = static_cast<std::size_t>(found - text.begin()) + name.size();
    std::size_t end = std::min(text.find_first_of(" \t\r\n&", begin), text.size());
    if (begin < text.size() && (text[begin] == '\'' || text[begin] == '"'))
      end = std::min(text.find(text[begin], begin + 1), text.size() - 1) + 1;
    text.replace(begin, end - begin, "***");
    from = text.begin() + static_cast<std::ptrdiff_t>(begin);
  }
}

}  // namespace

std::string mask_passwords(std::string_view text) {
  // Npgsql accepts both.
  return mask_assignments(mask_assignments(mask_urls(std::string{text}), "password="), "pwd=");
}

}  // namespace slipway
