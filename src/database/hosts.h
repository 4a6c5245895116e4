#pragma once

#include <vector>

#include "database/connection.h"

// A URL may name several hosts; slipway tries them one by one, so that each has its own timeout and its own reason.

namespace slipway {

// The parameters once for each host (libpq: "Specifying Multiple Hosts"): `host`, `hostaddr` and `port` are
// comma-separated lists, of which `port` may have one entry for all. Lists that don't match are left as they are, for
// libpq to refuse.
std::vector<ConnectParameters> each_host(const ConnectParameters& parameters);

// One host's parameters with the addresses of its name, which libpq then need not look up.
ConnectParameters with_addresses(ConnectParameters host, const std::vector<std::string>& addresses);

// The name that has to be looked up: empty for a socket's folder, and where `hostaddr` is there already.
std::string name_to_look_up(const ConnectParameters& host);

// What stands for the host in a log: "db.example:5432", or the socket's folder.
std::string host_name(const ConnectParameters& parameters);

}  // namespace slipway
