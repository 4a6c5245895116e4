#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "database/session.h"

// One message to the server, with statements of slipway's own and perhaps a part of a script. It finds out which of
// them raised an error.
//
// A SQLSTATE has different meanings if slipway's own statement raised it and if a script, function or trigger of the
// user did. So an error is classified by the statement that raised it first, and by its code second.

namespace slipway {

// What a statement of slipway's own is for; `script` is the user's.
enum class Purpose {
  begin,     // BEGIN, as the first statement
  settings,  // slipway's settings for the transaction, and their reset
  role,      // SET ROLE
  lock,      // takes the advisory lock
  create,    // creates the ledger's tables
  guard,     // checks that the ledger is as it was read, or that the session holds the lock
  script,
  record,  // moves the heads, writes the journal
  commit,
};

// The statement that raised an error.
struct Origin {
  Purpose purpose = Purpose::script;
  std::optional<std::size_t> statement{};  // within the script's part, from 0, if it is known
  std::optional<std::size_t>
      position{};  // in the script's part, in characters from 1, if the server reported a position
};

class Message {
 public:
  // One or more statements, each with its semicolon. `count` says how many.
  void add(Purpose purpose, std::string_view sql, std::size_t count = 1);

  // A part of a script. At most once.
  void add_script(std::string_view sql);

  const std::string& text() const noexcept { return text_; }

  // How many statements are slipway's own.
  std::size_t own_statements() const noexcept;

  // The origin of the error of a message that failed.
  //
  // PostgreSQL parses the whole message before it runs any of it. So an error before any statement has finished may be
  // a syntax error. That is the script's, because slipway's own statements are correct. If the error's position is
  // behind the script, the script's last statement is incomplete. A BEGIN as the first statement fails only on a
  // standby, which has to be excluded first (runner/ledger_error.h).
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
