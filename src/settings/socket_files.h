#pragma once

#include <string>
#include <utility>
#include <vector>

// A unix socket by its own file, `/cloudsql/project:region:name/.s.PGSQL.5432`, as asyncpg and pg8000 take it; libpq
// has its folder and its port.

namespace slipway {

// `host` and `port`, lists if there are several, as libpq has them. The file's port counts before another one.
void split_socket_files(std::vector<std::pair<std::string, std::string>>& parameters);

}  // namespace slipway
