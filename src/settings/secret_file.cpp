#include "settings/secret_file.h"

#include "error/error.h"
#include "settings/bounded_file.h"

namespace slipway {

std::string read_secret_file(const std::filesystem::path& file, const std::string& name) {
  constexpr std::size_t greatest_size = 64UL * 1024;
  std::string secret = read_bounded_file(file, name, greatest_size);
  while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r'))
    secret.pop_back();
  if (secret.empty())
    throw Error{ExitCode::bad_configuration, name + " is empty", "write the secret to it as its only line"};
  if (secret.find_first_of(std::string{"\n\r\0", 3}) != std::string::npos)
    throw Error{ExitCode::bad_configuration, name + " has several lines", "write the secret to it as its only line"};
  return secret;
}

}  // namespace slipway
