#include "revision/checksum.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "revision/sha256.h"
#include "sql/pieces.h"
#include "sql/tokens.h"

namespace slipway {

Checksum bytes_checksum(const Script& script) {
  Sha256 hash;
  for (std::string_view rest = script.sql; !rest.empty();) {
    // Not between CR and LF, which are one line end.
    const std::size_t end = std::min(rest.find('\n', std::min(rest.size(), Pieces::usual_size)), rest.size() - 1) + 1;
    hash.add(with_unix_line_ends(rest.substr(0, end)));
    rest.remove_prefix(end);
  }
  return Checksum{hash.hex()};
}

Checksum token_checksum(const Script& script) {
  Sha256 hash;
  for (Pieces pieces{script.sql}; const auto piece = pieces.next();) {
    const std::string sql = with_unix_line_ends(*piece);
    const Scan scanned = scan(sql);
    if (scanned.scanned < sql.size()) return bytes_checksum(script);
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
      canonical += '\0';  // which no SQL can hold, so that no two sequences of tokens are the same
    }
    hash.add(canonical);
  }
  return Checksum{hash.hex()};
}

}  // namespace slipway
