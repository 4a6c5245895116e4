#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

// Small files of the user's: settings and secrets.

namespace slipway {

// The whole text. `name` is the file as the user knows it, for errors. Throws Error (bad_configuration) if the file
// can't be read or is larger than `limit` bytes; the error never holds any of the text. Waits for the writer of a pipe,
// for 10 s at most.
std::string read_bounded_file(const std::filesystem::path& file, const std::string& name, std::size_t limit);

}  // namespace slipway
