#pragma once

#include <optional>
#include <string>

#include "database/server_error.h"
#include "error/error.h"
#include "revision/revision.h"
#include "sql/statement.h"

// The error for a script that PostgreSQL refused: file and line, the position with a caret, and everything that the
// server reported.

namespace slipway {

// How the session reads a backslash in '…' (PostgreSQL: standard_conforming_strings).
enum class Strings { standard, escaped };

struct ScriptFailure {
  const Revision& revision;
  Direction direction;
  const ServerError& error;
  std::optional<std::size_t> position;   // in the script, in characters from 1, if the server reported one
  std::optional<std::size_t> statement;  // which statement of the script failed, from 0, if it is known
  std::string aftermath;                 // the state of the revision now: "nothing of it remains"
  Strings strings = Strings::standard;
};

// With exit code 73.
Error script_error(const ScriptFailure& failure);

}  // namespace slipway
