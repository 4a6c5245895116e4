#pragma once

#include <string>
#include <string_view>

#include "database/server_error.h"

// A condition that aborts a message. slipway sends a lock, a check, a script and a record in one message, and the
// script must not start if the check fails.
//
// A cast that fails at run time aborts the message before its next statement. It needs no procedural language, and the
// error contains slipway's own words, whatever the server's language is: SQLSTATE 22P02 with the text that was cast.

namespace slipway {

// A SELECT that fails with `word` in its error unless `condition` is true. `from` is the table that the condition
// aggregates; empty if there is none.
std::string select_or_fail(const std::string& condition, std::string_view word, const std::string& from = {});

// Whether a select_or_fail with this word raised the error.
bool failed_with(const ServerError& error, std::string_view word);

}  // namespace slipway
