#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

// The SQL of one direction of a revision, and where it stands.

namespace slipway {

// A place in a file. Lines count from 1.
struct SourceLocation {
  std::filesystem::path file;
  int line = 1;

  std::string str() const { return file.string() + ":" + std::to_string(line); }  // as compilers print it
};

enum class Transaction {
  one,   // the script and its record commit together
  none,  // statement by statement, for what PostgreSQL refuses in a transaction block
};

struct Script {
  std::string sql;  // UTF-8, line ends as on disk, without a byte order mark
  // A revision may have its two scripts in two files. This is text and not a path, because thousands of files are read
  // at every start, and to copy a path takes ten times as long.
  std::string file{};
  int first_line = 1;  // the line of the file that `sql` begins on
  Transaction transaction = Transaction::one;
  std::optional<std::chrono::milliseconds> lock_timeout{};       // in place of the setting
  std::optional<std::chrono::milliseconds> statement_timeout{};  // in place of the setting

  SourceLocation at(int line) const { return {.file = file, .line = line}; }
};

}  // namespace slipway
