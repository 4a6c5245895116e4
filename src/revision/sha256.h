#pragma once

#include <memory>
#include <string>
#include <string_view>

// SHA-256 over text that comes in parts.

namespace slipway {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(std::string_view bytes);

  // The digest of all that was added, as 64 hexadecimal digits in lower case. Ends the computation: call it once.
  std::string hex();

 private:
  struct State;  // OpenSSL's type; its header is not included here because it declares deprecated functions
  std::unique_ptr<State> state_;
};

}  // namespace slipway
