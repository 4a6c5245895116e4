#pragma once

#include <string>
#include <utility>
#include <vector>

// asyncpg and pg8000 accept the file of a unix socket as a host, such as
// `/cloudsql/project:region:name/.s.PGSQL.5432`. libpq needs the folder and the port.

namespace slipway {

// Splits the files in `host` into libpq's `host` and `port`, which may be lists. A file's port overrides `port`.
void split_socket_files(std::vector<std::pair<std::string, std::string>>& parameters);

}  // namespace slipway
