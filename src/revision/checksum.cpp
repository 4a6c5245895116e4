#include "revision/checksum.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "revision/sha256.h"
#include "sql/pieces.h"
#include "sql/tokens.h"

namespace slipway {
namespace {

// Its tokens in the form that is hashed; nothing if the scanner can't reach the end.
std::optional<std::string> tokens_of(const std::string& sql) {
  const Scan scanned = scan(sql);
  if (scanned.scanned < sql.size()) return std::nullopt;
  std::string canonical;
  canonical.reserve(sql.size());
  for (const Token& token : scanned.tokens) {
    if (token.kind == TokenKind::comment) continue;
    const std::string_view text = std::string_view{sql}.substr(token.begin, token.end - token.begin);
    if (token.kind == TokenKind::word) {
      canonical += to_lower(text);
    } else {
      canonical += text;
    }
    canonical += '\0';  // which SQL can't contain, so that different sequences of tokens never look the same
  }
  return canonical;
}

}  // namespace

Checksum bytes_checksum(const Script& script) {
  Sha256 hash;
  for (std::string_view rest = script.sql; !rest.empty();) {
    // Never cut between CR and LF, which are one line end.
    const std::size_t end = std::min(rest.find('\n', std::min(rest.size(), Pieces::usual_size)), rest.size() - 1) + 1;
    hash.add(with_unix_line_ends(rest.substr(0, end)));
    rest.remove_prefix(end);
  }
  return Checksum{hash.hex()};
}

Checksum token_checksum(const Script& script) {
  Sha256 hash;
  for (Pieces pieces{script.sql}; const auto piece = pieces.next();) {
    const std::optional<std::string> tokens = tokens_of(with_unix_line_ends(*piece));
    if (!tokens) return bytes_checksum(script);
    hash.add(*tokens);
  }
  return Checksum{hash.hex()};
}

Checksum extended(const std::optional<Checksum>& before, const Statement& statement) {
  const std::string sql = with_unix_line_ends(statement.text);
  Sha256 hash;
  if (before) hash.add(before->str());
  hash.add(tokens_of(sql).value_or(sql));
  return Checksum{hash.hex()};
}

Checksum statements_checksum(std::span<const Statement> statements) {
  std::optional<Checksum> sum;
  for (const Statement& statement : statements)
    sum = extended(sum, statement);
  return sum ? *sum : Checksum{Sha256{}.hex()};
}

}  // namespace slipway
