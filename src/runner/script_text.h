#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "database/session.h"
#include "runner/script_error.h"
#include "sql/script.h"

// A script as it is sent to one server.

namespace slipway {

class ScriptText {
 public:
  // The script outlives it.
  //
  // In a database that does not hold every character (LATIN1 for example), `?` takes the place of each character beyond
  // ASCII in the script's comments: the server would refuse the message for them, and nobody reads them there.
  // Character for character it is as long as the script, so that positions in it are positions in the script.
  ScriptText(const Session& session, const Script& script);
  ScriptText(const ScriptText&) = delete;
  ScriptText& operator=(const ScriptText&) = delete;

  std::string_view sql() const noexcept { return sql_; }

  // The script with that text.
  Script script() const;

  // If the error is that the database has no place for a character: the first place of that character in the script, in
  // characters from 1, where the script still has it.
  std::optional<std::size_t> untranslatable(const ServerError& error) const;

 private:
  const Script& script_;
  std::string without_comments_;
  std::string_view sql_;
};

// How the session reads strings.
Strings strings_of(const Session& session);

// Whether what is sent behind this piece of a script, the last one, is safe from it: no quote, comment or dollar quote
// is open at its end, as far as slipway's scanner and the session's standard_conforming_strings tell.
bool is_closed(const Session& session, std::string_view last_piece);

}  // namespace slipway
