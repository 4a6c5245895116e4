#pragma once

#include <cstddef>
#include <string>

#include "sql/script.h"

// The position in a script that PostgreSQL's error points to, for an error message.

namespace slipway {

struct Excerpt {
  int line = 1;      // of the file
  std::string text;  // two lines, without a line end after the second: the script's line, and a caret under the place
};

// `position` comes from PostgreSQL (PG_DIAG_STATEMENT_POSITION): the number of a character, not a byte, counted from 1
// at the beginning of script.sql. If it is one past the end, the last line is shown with the caret after it.
//
// The line is cut around the caret to about 76 columns, with `…` in place of the omitted text. Tabs become spaces. Wide
// (East Asian, emoji) and combining characters move the caret as terminals show them.
Excerpt excerpt(const Script& script, std::size_t position);

}  // namespace slipway
