#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "error/exit_code.h"

// Why a connection could not be made, and whether it is worth another try.

namespace slipway {

enum class Prospect {
  not_yet,  // the server is away, starting or full: try until the wait's time is up
  perhaps,  // refused now, but a first-start script may be about to mend it: try for the grace only
  never,    // trying again can't help
};

struct ConnectFailure {
  Prospect prospect = Prospect::not_yet;
  ExitCode exit_code = ExitCode::unavailable;  // if slipway gives up on it
  std::string reason;                          // one line, for a log; without a secret
  std::string hint;                            // may be empty
};

// Of a failure that libpq reported as `message`, with the SQLSTATEs in it that PQERRORS_VERBOSE writes. The server's
// text may be in any language and is not searched; libpq's own is English in a program that never calls setlocale,
// and is searched only for what has no SQLSTATE.
ConnectFailure classify_connect_failure(std::string_view message);

// Of a server that has said nothing within the connect timeout.
ConnectFailure no_answer_within(std::chrono::milliseconds connect_timeout);

// Of a server that accepts connections but is a standby (PostgreSQL: "Hot Standby") where a primary is wanted.
ConnectFailure standby_refused(std::string_view host);

// Of settings that ask for a standby there, by libpq's target_session_attrs.
ConnectFailure standby_wanted(std::string_view target_session_attrs);

}  // namespace slipway
