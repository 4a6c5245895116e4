#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "database/session.h"

// One message to the server: statements of slipway's own, perhaps with a part of a script between them, and which of
// them an error belongs to.
//
// The same SQLSTATE means one thing when slipway's own statement raised it and another when a script, a function or a
// trigger of the user's did. So an error is told by the statement that raised it, and only then by its code.

namespace slipway {

// What a statement of slipway's own is for; `script` is the user's.
enum class Purpose {
  begin,     // BEGIN, and nothing before it
  settings,  // what slipway sets for the transaction, and takes back
  role,      // SET ROLE
  lock,      // takes the advisory lock
  create,    // makes the ledger's tables
  guard,     // the ledger is still as it was read; or the session still holds the lock
  script,
  record,  // moves the heads, writes the journal
  commit,
};

// Who raised an error, and where.
struct Origin {
  Purpose purpose = Purpose::script;
  std::optional<std::size_t> statement{};  // of the script's part, from 0, if it is known which one did
  std::optional<std::size_t> position{};   // into the script's part, in characters from 1, if the server named a place
};

class Message {
 public:
  // One statement or several, each ended by its semicolon. `count` says how many.
  void add(Purpose purpose, std::string_view sql, std::size_t count = 1);

  // A part of a script. At most once.
  void add_script(std::string_view sql);

  const std::string& text() const noexcept { return text_; }

  // How many statements are slipway's own.
  std::size_t own_statements() const noexcept;

  // Of a message that failed.
  //
  // PostgreSQL parses the whole message before it runs any of it. So an error with nothing finished may be one of the
  // grammar, and then it is the script's, because slipway's own statements have none. If its position lies behind the
  // script, the script's last statement does not end. And a BEGIN that comes first fails on a standby alone, which has
  // to be ruled out before (runner/ledger_error.h).
  Origin origin(const Outcome& outcome) const;

 private:
  struct Part {
    Purpose purpose;
    std::size_t statements;  // of slipway's own
  };
  struct Place {
    std::size_t offset = 0;  // in bytes
    std::size_t size = 0;
  };

  std::string_view script() const;

  std::string text_;
  std::vector<Part> parts_;
  std::optional<Place> script_;
};

}  // namespace slipway
