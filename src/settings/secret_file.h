#pragma once

#include <filesystem>
#include <string>

// Reads a secret from a file, as Docker and Kubernetes mount secrets.

namespace slipway {

// The secret, without the newlines that end the file. `name` is the file as the user knows it, for errors. Throws Error
// (bad_configuration) if the file can't be read, is empty, is larger than 64 KiB or has several lines.
std::string read_secret_file(const std::filesystem::path& file, const std::string& name);

}  // namespace slipway
