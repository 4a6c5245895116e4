#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "fixture/postgres.h"

// packaging/salted_password.cpp, which takes the place of a function of libpq's in the portable build: a server of each
// version stores keys (RFC 5802, section 3), and those made from its result must be the same.

extern "C" int __wrap_scram_SaltedPassword(const char* password, const char* salt, int salt_length, int iterations,
                                           unsigned char* result, const char** error);

namespace slipway::fixture {
namespace {

using Key = std::array<unsigned char, 32>;

std::string from_base64(const std::string& text) {
  std::string bytes(text.size(), '\0');
  const int length =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  EXPECT_GE(length, 0) << text;
  bytes.resize(static_cast<std::size_t>(length - std::ranges::count(text, '=')));
  return bytes;
}

std::string to_base64(const Key& key) {
  std::string text(4 * ((key.size() + 2) / 3) + 1, '\0');
  text.resize(static_cast<std::size_t>(
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), key.data(), static_cast<int>(key.size()))));
  return text;
}

Key hmac(const Key& key, std::string_view text) {
  Key result;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), result.data(), nullptr);
  return result;
}

Key sha256(const Key& key) {
  Key result;
  EVP_Digest(key.data(), key.size(), result.data(), nullptr, EVP_sha256(), nullptr);
  return result;
}

struct Stored {
  int iterations = 0;
  std::string salt;
  std::string stored_key;  // these two in base64
  std::string server_key;
};

// From "SCRAM-SHA-256$4096:SALT$STORED:SERVER".
Stored parts_of(const std::string& verifier) {
  std::vector<std::string> parts(1);
  for (const char c : verifier) {
    if (c == '$' || c == ':')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  EXPECT_EQ(parts.size(), 5U) << verifier;
  return {.iterations = std::stoi(parts.at(1)),
          .salt = from_base64(parts.at(2)),
          .stored_key = parts.at(3),
          .server_key = parts.at(4)};
}

void expect_keys_of_server(const Database& database, const std::string& password, const std::string& settings) {
  const std::string role = "salted_" + database.name();
  database.execute("SET password_encryption = 'scram-sha-256'; " + settings + "CREATE ROLE " + role + " PASSWORD '" +
                   password + "'");
  const Stored stored = parts_of(database.value("SELECT rolpassword FROM pg_authid WHERE rolname = '" + role + "'"));
  database.execute("DROP ROLE " + role);
  Key salted{};
  const char* error = nullptr;
  ASSERT_EQ(__wrap_scram_SaltedPassword(password.c_str(), stored.salt.data(), static_cast<int>(stored.salt.size()),
                                        stored.iterations, salted.data(), &error),
            0)
      << error;
  EXPECT_EQ(to_base64(sha256(hmac(salted, "Client Key"))), stored.stored_key) << password;
  EXPECT_EQ(to_base64(hmac(salted, "Server Key")), stored.server_key) << password;
}

// HMAC hashes a key that is longer than a block of SHA-256, 64 bytes, before it is used.
TEST(SaltedPassword, IsWhatTheServerStores) {
  const Database database;
  for (const std::string& password :
       {std::string{"x"}, std::string{"with blanks, \"quotes\" and $ : ,"}, std::string{"größe € 漢字"},
        std::string(63, 'a'), std::string(64, 'b'), std::string(65, 'c'), std::string(900, 'd')})
    expect_keys_of_server(database, password, "");
}

TEST(SaltedPassword, TakesTheServersIterations) {
  const Database database;
  if (database.server().major_version() < 16) GTEST_SKIP() << "scram_iterations came with PostgreSQL 16";
  for (const int iterations : {1, 2, 100'000})
    expect_keys_of_server(database, "secret", "SET scram_iterations = " + std::to_string(iterations) + "; ");
}

}  // namespace
}  // namespace slipway::fixture
