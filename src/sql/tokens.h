#pragma once

#include <cstddef>
#include <string>
#include <vector>

// Scans SQL into tokens with the scanner of PostgreSQL 15 (libpg_query). Safe in several threads.

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
  std::size_t scanned = 0;  // number of bytes; less than the size of the SQL if the scanner stopped
  std::string stopped_by;   // if it stopped: its message, for example "unterminated quoted string"
};

// A number in the syntax of newer servers (1_000, 0x1F) is one token. Throws only std::bad_alloc.
Scan scan(const std::string& sql);

}  // namespace slipway
