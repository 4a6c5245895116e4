#include "revision/checksum.h"

#include <array>
#include <string_view>

#include <openssl/evp.h>

#include "error/error.h"
#include "revision/text.h"
#include "revision/tokens.h"

namespace slipway {
namespace {

Checksum sha256(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1)
    throw Error{ExitCode::internal, "OpenSSL can't compute SHA-256", "see that its configuration allows it"};
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (unsigned int i = 0; i < length; ++i) {
    hex += digits[digest.at(i) >> 4U];
    hex += digits[digest.at(i) & 0xFU];
  }
  return Checksum{std::move(hex)};
}

}  // namespace

Checksum bytes_checksum(const Script& script) {
  return sha256(with_unix_line_ends(script.sql));
}

Checksum token_checksum(const Script& script) {
  const std::string sql = with_unix_line_ends(script.sql);
  const Scan scanned = scan(sql);
  if (scanned.scanned < sql.size()) return sha256(sql);
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
  return sha256(canonical);
}

}  // namespace slipway
