#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "error/exit_code.h"

// Why a connection failed, and whether to retry.

namespace slipway {

enum class Prospect {
  not_yet,  // the server is away, starting or full: retry until the timeout
  perhaps,  // refused, but a script of the first start may correct that soon: retry for the grace period
  never,    // a retry can't help
};

struct ConnectFailure {
  Prospect prospect = Prospect::not_yet;
  ExitCode exit_code = ExitCode::unavailable;  // if slipway gives up
  std::string reason;                          // one line for the log, without secrets
  std::string hint;                            // may be empty
  bool refuses_options = false;                // a pooler does not accept `options`; slipway can connect without them
};

// Classifies a failure that libpq reported as `message`, with the SQLSTATEs that PQERRORS_VERBOSE adds. The server's
// text may be in any language and is not searched. libpq's own text is English in a program that never calls setlocale,
// and is searched only for failures without a SQLSTATE.
ConnectFailure classify_connect_failure(std::string_view message);

// For a setting in the URL's `options` that the server refuses.
ConnectFailure setting_refused(std::string_view sqlstate, std::string_view message);

// How long one attempt at one address may last.
struct Patience {
  std::chrono::milliseconds time{};
  std::chrono::milliseconds connect_timeout{};  // its value if the wait had enough time for all addresses
};

// For a server that did not answer in that time.
ConnectFailure no_answer(std::string_view host, const Patience& patience);

// The result for all addresses of one name: the first failure that is more than "not yet", because they belong to one
// service.
ConnectFailure of_all_addresses(std::span<const ConnectFailure> failures);

// For a standby (PostgreSQL: "Hot Standby") if a primary is needed.
ConnectFailure standby_refused(std::string_view host);

// For a target_session_attrs (libpq) that asks for a standby.
ConnectFailure standby_wanted(std::string_view target_session_attrs);

}  // namespace slipway
