// Hi() of SCRAM (RFC 5802, section 2.2) in place of libpq's, in the portable build (cmake/portable.cmake). libpq sets
// up an HMAC anew in each of the 4,096 rounds. OpenSSL's PBKDF2, of which Hi() is one block, sets it up once. Where a
// password is asked for, this saves a fifth of a start at head; `./dev bench scram` measures it. A test compares the
// result with what the server stores (tests/integration/salted_password_test.cpp).

#include <cstring>

#include <openssl/evp.h>

// The linker lets libpq call this where it calls scram_SaltedPassword of PostgreSQL 15's scram-common.c.
extern "C" int __wrap_scram_SaltedPassword(const char* password, const char* salt, int salt_length, int iterations,
                                           unsigned char* result, const char** error) {
  constexpr int key_length = 32;  // of SHA-256
  if (PKCS5_PBKDF2_HMAC(password, static_cast<int>(std::strlen(password)), reinterpret_cast<const unsigned char*>(salt),
                        salt_length, iterations, EVP_sha256(), key_length, result) == 1)
    return 0;
  *error = "OpenSSL can't compute PBKDF2 with SHA-256";
  return -1;
}
