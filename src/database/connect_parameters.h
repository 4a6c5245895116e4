#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "settings/database_url.h"

// The parameters of a connection, as libpq's keywords and values. A database URL has only some of them. The rest is in
// a service file and in the PG* variables, which libpq reads when it connects. slipway needs some of them earlier: the
// hosts, to try one address at a time, and the parameters that libpq 15 does not support.

namespace slipway {

// Keywords and values, each keyword once.
using ConnectParameters = std::vector<std::pair<std::string, std::string>>;

// The value for a keyword; empty if there is none.
std::string_view value_of(const ConnectParameters& parameters, std::string_view keyword);
void set(ConnectParameters& parameters, std::string_view keyword, std::string value);

// For PQconnectStart. In a connection string an empty value counts as given, so that libpq does not look elsewhere for
// it; PQconnectStartParams would ignore it. Contains the password.
std::string connection_string(const ConnectParameters& parameters);

// Adds what slipway needs from the service file and the PG* variables. Given parameters take precedence over the
// service file, and that over the variables (PostgreSQL: "The Connection Service File").
ConnectParameters with_what_stands_elsewhere(const ConnectParameters& given);

// The URL's parameters with those and with slipway's own. Throws ConnectRefused for a parameter that slipway can't
// honour.
ConnectParameters connect_parameters(const DatabaseUrl& url);

}  // namespace slipway
