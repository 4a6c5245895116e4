#include "revision/checksum.h"

#include <algorithm>
#include <array>
#include <string_view>

// SHA-256 alone, and not by EVP, which at its first use reads OpenSSL's configuration and sets up all that it has: a
// millisecond of every start. OpenSSL 3 deprecates these functions; they are those of 1.1.
#define OPENSSL_API_COMPAT 10100
#include <openssl/sha.h>

#include "base/text.h"
#include "sql/pieces.h"
#include "sql/tokens.h"

namespace slipway {
namespace {

class Sha256 {
 public:
  Sha256() { SHA256_Init(&context_); }

  void add(std::string_view bytes) { SHA256_Update(&context_, bytes.data(), bytes.size()); }

  Checksum end() {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256_Final(digest.data(), &context_);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const unsigned char byte : digest) {
      hex += digits[byte >> 4U];
      hex += digits[byte & 0xFU];
    }
    return Checksum{std::move(hex)};
  }

 private:
  SHA256_CTX context_{};
};

}  // namespace

Checksum bytes_checksum(const Script& script) {
  Sha256 hash;
  for (std::string_view rest = script.sql; !rest.empty();) {
    // Not between CR and LF, which are one line end.
    const std::size_t end = std::min(rest.find('\n', std::min(rest.size(), Pieces::usual_size)), rest.size() - 1) + 1;
    hash.add(with_unix_line_ends(rest.substr(0, end)));
    rest.remove_prefix(end);
  }
  return hash.end();
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
  return hash.end();
}

}  // namespace slipway
