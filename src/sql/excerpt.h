#pragma once

#include <cstddef>
#include <string>

#include "sql/script.h"

// The position in a script that PostgreSQL's error points to, for an error message.

namespace slipway {

struct Excerpt {
  int line = 1;      // of the file
  std::string text;  // two lines without a last line end: the script's line, and a caret under the place
};

// `position` is PostgreSQL's (PG_DIAG_STATEMENT_POSITION): in characters, not bytes, from 1, counted from the
// begin of script.sql. One past the end shows the last line with the caret behind it.
//
// The line is cut around the caret to about 76 columns, with `…` where something was left out; tabs become
// blanks; wide (East Asian, emoji) and combining characters move the caret as terminals show them.
Excerpt excerpt(const Script& script, std::size_t position);

}  // namespace slipway
