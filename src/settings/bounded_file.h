#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

// Small files that the user provides: settings and secrets.

namespace slipway {

// The whole text. `name` is the file as the user knows it, for errors. Throws Error (bad_configuration) if the file
// can't be read or is larger than `limit` bytes; the error never contains any of the text. Waits up to 10 s for the
// writer of a pipe.
std::string read_bounded_file(const std::filesystem::path& file, const std::string& name, std::size_t limit);

}  // namespace slipway
