#pragma once

#include <cstddef>
#include <string>
#include <vector>

// The tokens of SQL, as the scanner of PostgreSQL 15 sees them (libpg_query). Safe in several threads.

namespace slipway {

enum class TokenKind {
  word,     // a keyword or an unquoted identifier, whose case does not count
  comment,  // of either kind
  other,    // constants, quoted identifiers, operators, punctuation
};

// Bytes `begin` to `end` of the SQL that was scanned.
struct Token {
  std::size_t begin = 0;
  std::size_t end = 0;
  TokenKind kind = TokenKind::other;
};

struct Scan {
  std::vector<Token> tokens;
  std::size_t scanned = 0;  // how many bytes; less than the SQL has if the scanner could not go on
  std::string stopped_by;   // then: the scanner's message, "unterminated quoted string" for example
};

// Numbers that only newer servers know (1_000, 0x1F) are one token each. Throws std::bad_alloc alone.
Scan scan(const std::string& sql);

}  // namespace slipway
