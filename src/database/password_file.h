#pragma once

#include <string>

#include "settings/database_url.h"

// libpq's password file (PostgreSQL: "The Password File"). If others could read the file, or it is not a regular file,
// libpq ignores it and prints a warning to stderr at each attempt, in the middle of a log that programs read.

namespace slipway {

struct WithPasswordFile {
  DatabaseUrl url;        // names the file for libpq to read, or one that does not exist
  std::string complaint;  // for the log: which file is ignored, and why; empty if none is
};

// Finds the file in libpq's place. Returns the URL unchanged if it or PGPASSWORD has the password.
WithPasswordFile with_password_file(const DatabaseUrl& url);

}  // namespace slipway
