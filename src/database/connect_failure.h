#pragma once

#include <chrono>
#include <span>
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
  bool refuses_options = false;                // of a pooler that takes no `options`, which slipway can do without
};

// Of a failure that libpq reported as `message`, with the SQLSTATEs in it that PQERRORS_VERBOSE writes. The server's
// text may be in any language and is not searched; libpq's own is English in a program that never calls setlocale,
// and is searched only for what has no SQLSTATE.
ConnectFailure classify_connect_failure(std::string_view message);

// Of a setting that the URL's `options` ask for and the server refuses.
ConnectFailure setting_refused(std::string_view sqlstate, std::string_view message);

// How long one attempt at one address may last.
struct Patience {
  std::chrono::milliseconds time{};
  std::chrono::milliseconds connect_timeout{};  // what it would be if the wait had time enough for all addresses
};

// Of a server that has said nothing in that time.
ConnectFailure no_answer(std::string_view host, const Patience& patience);

// What came of the addresses of one name. The first that says more than "not yet" speaks for all of them: they are one
// service's.
ConnectFailure of_all_addresses(std::span<const ConnectFailure> failures);

// Of a server that accepts connections but is a standby (PostgreSQL: "Hot Standby") where a primary is wanted.
ConnectFailure standby_refused(std::string_view host);

// Of settings that ask for a standby there, by libpq's target_session_attrs.
ConnectFailure standby_wanted(std::string_view target_session_attrs);

}  // namespace slipway
