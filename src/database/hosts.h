#pragma once

#include <string>
#include <vector>

#include "database/connect_parameters.h"

// A URL may name several hosts, and a host name may have several addresses. slipway tries the addresses one by one,
// each with its own timeout and reason, so that an address that does not answer does not hide the next.

namespace slipway {

// The parameters for each host (libpq: "Specifying Multiple Hosts"): `host`, `hostaddr` and `port` are comma-separated
// lists, of which `port` may have one entry for all. Lists that don't match are left as they are, for libpq to refuse.
std::vector<ConnectParameters> each_host(const ConnectParameters& parameters);

// A host's parameters for each address of its name, so that libpq need not look it up. The name stays, because
// certificates and password files refer to it (libpq: "hostaddr").
std::vector<ConnectParameters> each_address(const ConnectParameters& host, const std::vector<std::string>& addresses);

// The name that has to be looked up: empty for a socket's folder, and if `hostaddr` is given.
std::string name_to_look_up(const ConnectParameters& host);

// The host in a log: "db.example:5432", "db.example (10.0.0.1):5432", or the socket's folder.
std::string host_name(const ConnectParameters& parameters);

}  // namespace slipway
