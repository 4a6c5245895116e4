#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "database/session.h"
#include "runner/script_error.h"
#include "sql/script.h"

// The text of a script as it is sent to one server.

namespace slipway {

class ScriptText {
 public:
  // The script outlives it.
  //
  // If the database's encoding does not have every character (LATIN1 for example), each non-ASCII character in the
  // script's comments is replaced by `?`, because the server would refuse the message for it. The text keeps its length
  // in characters, so positions in it are positions in the script.
  ScriptText(const Session& session, const Script& script);
  ScriptText(const ScriptText&) = delete;
  ScriptText& operator=(const ScriptText&) = delete;

  std::string_view sql() const noexcept { return sql_; }

  // The script with that text.
  Script script() const;

  // If the error is that the database's encoding does not have a character: the first position of that character in the
  // script, in characters from 1.
  std::optional<std::size_t> untranslatable(const ServerError& error) const;

 private:
  const Script& script_;
  std::string without_comments_;
  std::string_view sql_;
};

// How the session reads string constants.
Strings strings_of(const Session& session);

// Whether the last piece of a script leaves no quote, comment or dollar quote open, so that statements can follow it in
// the same message. Decided by slipway's scanner and the session's standard_conforming_strings.
bool is_closed(const Session& session, std::string_view last_piece);

}  // namespace slipway
