#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "settings/database_url.h"

// The parameters of a connection, as libpq's keywords and values. A database URL sets only some of them. libpq takes
// the rest from a service file and the PG* variables while it connects. slipway needs some of them earlier: the hosts,
// to try one address at a time, and the parameters that libpq 15 does not understand or support.

namespace slipway {

// Keywords and values, each keyword once.
using ConnectParameters = std::vector<std::pair<std::string, std::string>>;

// The value for a keyword; empty if there is none.
std::string_view value_of(const ConnectParameters& parameters, std::string_view keyword);
void set(ConnectParameters& parameters, std::string_view keyword, std::string value);

// For PQconnectStart. In a connection string an empty value counts as set, so libpq does not look for one elsewhere;
// PQconnectStartParams would ignore it. Contains the password.
std::string connection_string(const ConnectParameters& parameters);

// The given parameters, with those that slipway needs from a service file and the PG* variables. A given parameter
// overrides the service, and the service overrides the variables (PostgreSQL: "The Connection Service File").
ConnectParameters with_what_stands_elsewhere(const ConnectParameters& given);

// The URL's parameters with those and with slipway's defaults. Throws ConnectRefused if sslmode is too weak for
// sslrootcert=system.
ConnectParameters connect_parameters(const DatabaseUrl& url);

}  // namespace slipway
