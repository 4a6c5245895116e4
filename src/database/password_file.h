#pragma once

#include <string>

#include "database/connect_parameters.h"

// libpq's password file (PostgreSQL: "The Password File"). One that others could read, or that is no plain file, libpq
// leaves alone, and says so on stderr at each attempt to connect, in the middle of a log that programs read.

namespace slipway {

// Keeps libpq from looking at such a file.
void leave_out_unusable_password_file(ConnectParameters& parameters);

// The sentence for the log: which file is not read, and why. Empty if the file is good, or there is none, or the
// password stands somewhere else.
std::string unusable_password_file(const DatabaseUrl& url);

}  // namespace slipway
