#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "error/exit_code.h"

// Why an attempt to connect failed, and whether a retry can help.

namespace slipway {

enum class Prospect {
  not_yet,  // the server is down, starting or full: retry until the wait timeout
  perhaps,  // refused, but a first-start script may be about to fix it: retry only for the grace period
  never,    // a retry can't help
};

struct ConnectFailure {
  Prospect prospect = Prospect::not_yet;
  ExitCode exit_code = ExitCode::unavailable;  // if slipway gives up
  std::string reason;                          // one line for the log, without secrets
  std::string hint;                            // may be empty
  bool refuses_options = false;                // a pooler refused `options`, which slipway can do without
};

// Classifies a failure that libpq reported as `message`, with the SQLSTATEs that PQERRORS_VERBOSE writes. The server's
// text may be in any language and is not searched. libpq's own text is English in a program that never calls setlocale;
// it is searched only if the message has no SQLSTATE.
ConnectFailure classify_connect_failure(std::string_view message);

// The failure for a setting in the URL's `options` that the server refuses.
ConnectFailure setting_refused(std::string_view sqlstate, std::string_view message);

// How long one attempt at one address may last.
struct Patience {
  std::chrono::milliseconds time{};
  std::chrono::milliseconds connect_timeout{};  // the limit if enough time is left for all addresses
};

// The failure for a server that did not answer in that time.
ConnectFailure no_answer(std::string_view host, const Patience& patience);

// The failure for all addresses of one name. The first failure that is not `not_yet` decides for all of them, because
// they belong to one service.
ConnectFailure of_all_addresses(std::span<const ConnectFailure> failures);

// The failure for a server that accepts connections but is a standby (PostgreSQL: "Hot Standby"), although migrations
// need a primary.
ConnectFailure standby_refused(std::string_view host);

// The failure for a value of libpq's target_session_attrs that asks for a standby.
ConnectFailure standby_wanted(std::string_view target_session_attrs);

}  // namespace slipway
