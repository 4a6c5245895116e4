#include "revision/id_rules.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace slipway {
namespace {

constexpr std::array<std::string_view, 4> selector_words{"base", "current", "head", "heads"};

bool is_allowed(char c) {
  return is_letter(c) || is_digit(c) || c == '_' || c == '.';
}

std::string shown(char c) {
  if (is_blank(c)) return "a space";
  if (static_cast<unsigned char>(c) >= 0x80) return "a character that is not ASCII";
  if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return "a control character";
  return std::string{"'"} + c + "'";
}

}  // namespace

std::optional<std::string> wrong_with_label(std::string_view label) {
  if (label.empty()) return "is empty";
  if (const auto* bad = std::ranges::find_if_not(label, is_allowed); bad != label.end())
    return "contains " + shown(*bad) + ", but only ASCII letters, digits, '_' and '.' are allowed";
  if (std::ranges::find(selector_words, label) != selector_words.end())
    return "is a reserved word (base, current, head, heads)";
  return std::nullopt;
}

std::optional<std::string> wrong_with_revision_id(std::string_view id) {
  if (auto wrong = wrong_with_label(id)) return wrong;
  if (id.size() > longest_revision_id)
    return "is " + std::to_string(id.size()) + " characters long, but an id can have at most " +
           std::to_string(longest_revision_id);
  return std::nullopt;
}

}  // namespace slipway
