#pragma once

#include <string>
#include <vector>

#include "database/connect_parameters.h"

// A URL may name several hosts, and a host name may have several addresses. slipway tries the addresses one by one, so
// that each has its own timeout and reason: an address that drops every packet does not block the next one.

namespace slipway {

// The parameters once for each host (libpq: "Specifying Multiple Hosts"): `host`, `hostaddr` and `port` are
// comma-separated lists, of which `port` may have one entry for all. Lists that don't match are left as they are, for
// libpq to refuse.
std::vector<ConnectParameters> each_host(const ConnectParameters& parameters);

// One host's parameters once for each address of its name, so that libpq does not look the name up. The name stays in
// the parameters, because certificates and password files refer to it (libpq: "hostaddr").
std::vector<ConnectParameters> each_address(const ConnectParameters& host, const std::vector<std::string>& addresses);

// The name to look up; empty for a socket's folder, and if `hostaddr` is set.
std::string name_to_look_up(const ConnectParameters& host);

// The host as the log names it: "db.example:5432", "db.example (10.0.0.1):5432", or the socket's folder.
std::string host_name(const ConnectParameters& parameters);

}  // namespace slipway
