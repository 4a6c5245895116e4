#include "revision/sha256.h"

#include <array>

// This uses the low-level functions instead of EVP, which reads OpenSSL's configuration and initializes all of OpenSSL
// at its first use: a millisecond of every start. OpenSSL 3 deprecates these functions; they are those of 1.1.
#define OPENSSL_API_COMPAT 10100
#include <openssl/sha.h>

#include "base/hex.h"

namespace slipway {

struct Sha256::State {
  SHA256_CTX context{};
};

Sha256::Sha256() : state_{std::make_unique<State>()} {
  SHA256_Init(&state_->context);
}
Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
  SHA256_Update(&state_->context, bytes.data(), bytes.size());
}

std::string Sha256::hex() {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256_Final(digest.data(), &state_->context);
  return to_hex(digest);
}

}  // namespace slipway
