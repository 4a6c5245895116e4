#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "error/error.h"
#include "revision/layout.h"

// Reads one file of a migrations folder into text that PostgreSQL accepts.

namespace slipway {

// Reads the whole file, without its byte order mark. Throws Error (bad_migrations) when it can't be opened or read, is
// larger than PostgreSQL takes in one message, is not UTF-8, or holds NUL. Never waits for a pipe's writer.
MigrationFile read_migration_file(std::filesystem::path path);

// The error about a file or folder as a whole, with exit code 65.
Error bad_file(const std::filesystem::path& file, const std::string& what, std::string fix);

// A name for an error or the log; characters that a terminal or a JSON reader can't handle are written as \xNN.
std::string printable(std::string_view name);

}  // namespace slipway
