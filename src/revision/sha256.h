#pragma once

#include <memory>
#include <string>
#include <string_view>

// SHA-256 of text that is added in parts.

namespace slipway {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(std::string_view bytes);

  // The digest of all added text, as 64 lower-case hexadecimal digits. This ends the computation, so call it once.
  std::string hex();

 private:
  struct State;  // OpenSSL's type; its header is not included here because it declares deprecated functions
  std::unique_ptr<State> state_;
};

}  // namespace slipway
