#pragma once

#include <string>

#include "settings/database_url.h"

// libpq's password file (PostgreSQL: "The Password File"). One that others could read, or that is not a plain file,
// libpq leaves alone, and says so on stderr at each attempt to connect, in the middle of a log that programs read.

namespace slipway {

struct WithPasswordFile {
  DatabaseUrl url;        // names the file that libpq is to read, or one that nobody has
  std::string complaint;  // for the log: which file is not read, and why; empty if there is nothing to say
};

// Finds the file as libpq would, which then has no need to. A URL that needs none, because the password stands in it or
// in PGPASSWORD, is left as it is.
WithPasswordFile with_password_file(const DatabaseUrl& url);

}  // namespace slipway
