#pragma once

#include <string>

#include "settings/database_url.h"

// libpq's password file (PostgreSQL: "The Password File"). If others can read the file, or it is not a plain file,
// libpq ignores it and writes a warning to stderr at each attempt to connect. The warning would break a log that
// programs read, so slipway checks the file first.

namespace slipway {

struct WithPasswordFile {
  DatabaseUrl url;        // names the file for libpq to read, or one that can't exist
  std::string complaint;  // for the log: which file is not read, and why; empty if there is no problem
};

// Finds the file as libpq would, and names it in the URL. Returns the URL unchanged if it needs no file, because it or
// PGPASSWORD contains the password.
WithPasswordFile with_password_file(const DatabaseUrl& url);

}  // namespace slipway
