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

// The checksum of the script's bytes, with every line end as LF, because a checkout on Windows changes line ends. The
// marker's options are not included.
Checksum bytes_checksum(const Script& script);

// The checksum of the script's tokens, as PostgreSQL 15's scanner sees them:
//
// - Comments, white space and line ends do not count, nor does the case of keywords and unquoted identifiers, which
//   PostgreSQL folds (ASCII only, as in a UTF-8 database).
// - Everything else counts as written: constants (also the line end within one that goes on in the next line), function
//   bodies with the comments in them, quoted identifiers, operators, semicolons.
// - Numbers of PostgreSQL 16 (1_000, 0x1F), which that scanner refuses, are taken as one token each.
// - A script that it can't scan to the end (a quote that is never closed) has the checksum of its bytes, and so every
//   change counts.
Checksum token_checksum(const Script& script);

// The checksum of a sequence of statements. The checksum of the first n statements depends on each of them, and not on
// anything after them.
Checksum statements_checksum(std::span<const Statement> statements);

// The same, computed from the checksum of the statements before; `before` is absent for the first one.
Checksum extended(const std::optional<Checksum>& before, const Statement& statement);

}  // namespace slipway
