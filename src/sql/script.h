#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

// The SQL of one direction of a revision, and its place in a file.

namespace slipway {

// A place in a file. Lines count from 1.
struct SourceLocation {
  std::filesystem::path file;
  int line = 1;

  std::string str() const { return file.string() + ":" + std::to_string(line); }  // as compilers print it
};

enum class Transaction {
  one,   // the script and its journal entry commit together
  none,  // statement by statement, for statements that PostgreSQL refuses in a transaction block
};

struct Script {
  std::string sql;               // UTF-8, line ends as on disk, without a byte order mark
  std::filesystem::path file{};  // the two scripts of a revision may be in two files
  int first_line = 1;            // the line of the file that `sql` begins on
  Transaction transaction = Transaction::one;
  std::optional<std::chrono::milliseconds> lock_timeout{};       // overrides the setting
  std::optional<std::chrono::milliseconds> statement_timeout{};  // overrides the setting

  SourceLocation at(int line) const { return {.file = file, .line = line}; }
};

}  // namespace slipway
