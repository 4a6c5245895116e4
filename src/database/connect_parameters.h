#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "settings/database_url.h"

// What a connection is made with, as libpq's keywords and values. A database URL says only a part of it: the rest
// stands in a service file and in the PG* variables, where libpq would find it while it connects. slipway has to know
// some of that before: the hosts, to try one address at a time, and what libpq 15 would not understand or not do.

namespace slipway {

// Keywords and values, each keyword once.
using ConnectParameters = std::vector<std::pair<std::string, std::string>>;

// The value for a keyword; empty if there is none.
std::string_view value_of(const ConnectParameters& parameters, std::string_view keyword);
void set(ConnectParameters& parameters, std::string_view keyword, std::string value);

// For PQconnectStart. In a connection string an empty value counts as given, so that libpq does not look elsewhere for
// another one; PQconnectStartParams passes it over. Holds the password.
std::string connection_string(const ConnectParameters& parameters);

// Parameters with what slipway has to know of a service file and of the PG* variables. What is given counts before the
// service, the service before the variables (PostgreSQL: "The Connection Service File").
ConnectParameters with_what_stands_elsewhere(const ConnectParameters& given);

// The URL's parameters with those, and with slipway's own. Throws ConnectRefused for what can't be kept to.
ConnectParameters connect_parameters(const DatabaseUrl& url);

}  // namespace slipway
