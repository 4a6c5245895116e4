#pragma once

#include <optional>
#include <string>

#include "database/server_error.h"
#include "error/error.h"
#include "revision/revision.h"
#include "sql/statement.h"

// What a person needs of a script that PostgreSQL refused: file and line, the place with a caret, and all that the
// server said.

namespace slipway {

// How the session reads a backslash in '…' (PostgreSQL: standard_conforming_strings).
enum class Strings { standard, escaped };

struct ScriptFailure {
  const Revision& revision;
  Direction direction;
  const ServerError& error;
  std::optional<std::size_t> position;   // into the script, in characters from 1, where the server named a place in it
  std::optional<std::size_t> statement;  // which statement of the script failed, from 0, if it is known
  std::string aftermath;                 // what became of the revision: "nothing of it remains"
  Strings strings = Strings::standard;
};

// With exit code 73.
Error script_error(const ScriptFailure& failure);

}  // namespace slipway
