#pragma once

#include <vector>

#include "database/connection.h"

// A URL may name several hosts; slipway tries them one by one, so that each has its own timeout and its own reason.

namespace slipway {

// The parameters once for each host (libpq: "Specifying Multiple Hosts"): `host`, `hostaddr` and `port` are
// comma-separated lists, of which `port` may have one entry for all. Lists that don't match are left as they are, for
// libpq to refuse.
std::vector<ConnectParameters> each_host(const ConnectParameters& parameters);

// What stands for the host in a log: "db.example:5432", or the socket's folder.
std::string host_name(const ConnectParameters& parameters);

}  // namespace slipway
