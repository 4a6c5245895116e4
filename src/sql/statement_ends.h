#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sql/tokens.h"

// Where statements end, by psql's rules (psqlscan.l): at a `;` outside quotes, parentheses and BEGIN ATOMIC bodies.

namespace slipway {

// The tokens of SQL but for its comments: where each is, and what it says, as a view of the SQL.
struct Words {
  std::vector<Token> places;
  std::vector<std::string_view> texts;
};
Words words_of(std::string_view sql, const std::vector<Token>& tokens);

// The `;` that ends the statement which begins at the word `first`, as its index; words.size() if none does.
std::size_t statement_end(std::span<const std::string_view> words, std::size_t first);

}  // namespace slipway
