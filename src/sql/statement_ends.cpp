#include "sql/statement_ends.h"

#include "base/text.h"

namespace slipway {
namespace {

// Whether the words begin the definition of a function, whose body may contain semicolons.
bool defines_routine(std::span<const std::string_view> words) {
  if (words.empty() || !equal_ignoring_case(words.front(), "create")) return false;
  const std::size_t at = words.size() > 2 && equal_ignoring_case(words[1], "or") ? 3 : 1;
  return words.size() > at &&
         (equal_ignoring_case(words[at], "function") || equal_ignoring_case(words[at], "procedure"));
}

}  // namespace

Words words_of(std::string_view sql, const std::vector<Token>& tokens) {
  Words words;
  words.places.reserve(tokens.size());
  words.texts.reserve(tokens.size());
  for (const Token& token : tokens) {
    if (token.kind == TokenKind::comment) continue;
    words.places.push_back(token);
    words.texts.push_back(sql.substr(token.begin, token.end - token.begin));
  }
  return words;
}

std::size_t statement_end(std::span<const std::string_view> words, std::size_t first) {
  const bool routine = defines_routine(words.subspan(first));
  int parentheses = 0;
  int blocks = 0;  // its END closes BEGIN ATOMIC, and each CASE in it has its own END
  for (std::size_t i = first; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word == "(") ++parentheses;
    if (word == ")" && parentheses > 0) --parentheses;
    if (parentheses > 0) continue;
    if (word == ";" && blocks == 0) return i;
    if (!routine) continue;
    if (equal_ignoring_case(word, "begin") && i + 1 < words.size() && equal_ignoring_case(words[i + 1], "atomic"))
      ++blocks;
    if (blocks > 0 && equal_ignoring_case(word, "case")) ++blocks;
    if (blocks > 0 && equal_ignoring_case(word, "end")) --blocks;
  }
  return words.size();
}

}  // namespace slipway
