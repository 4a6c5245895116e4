#pragma once

#include <compare>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "revision/revision.h"
#include "sql/statement.h"

// The checksums that reveal a later edit of an applied script. The journal has both. That of the bytes is compared
// first, so that unchanged scripts need not be scanned.

namespace slipway {

// SHA-256 as 64 lower-case hexadecimal digits. A value from the journal is not validated.
class Checksum {
 public:
  explicit Checksum(std::string hex) : hex_{std::move(hex)} {}
  const std::string& str() const noexcept { return hex_; }
  friend auto operator<=>(const Checksum&, const Checksum&) = default;

 private:
  std::string hex_;
};

// Over the script's bytes with every line end as LF, as a checkout on Windows changes those. Options of the
// marker are no part of it.
Checksum bytes_checksum(const Script& script);

// Over the script's tokens, as PostgreSQL 15's scanner sees them:
//
// - Comments, white space and line ends do not count, nor does the case of keywords and unquoted identifiers, which
//   PostgreSQL folds (ASCII only, as in a UTF-8 database).
// - Everything else counts as written: constants (also the line end within one that goes on in the next line), function
//   bodies with the comments in them, quoted identifiers, operators, semicolons.
// - Numbers of PostgreSQL 16 (1_000, 0x1F), which that scanner refuses, are taken as one token each.
// - A script that it can't scan to the end (a quote that is never closed) has the checksum of its bytes, and so every
//   change counts.
Checksum token_checksum(const Script& script);

// The same over statements alone, one after the other: that of the first n changes with each of them, and with nothing
// behind them.
Checksum statements_checksum(std::span<const Statement> statements);

// Likewise, from that of the statements before it; from no checksum for the first.
Checksum extended(const std::optional<Checksum>& before, const Statement& statement);

}  // namespace slipway
