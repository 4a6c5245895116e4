#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "settings/query_parameters.h"

// An ADO.NET connection string, as Npgsql accepts it: `Host=db;Database=app;Username=app;Password=secret`.

namespace slipway {

// Its settings under the names that libpq or query_parameters.h has for them, without those that only Npgsql has.
// Absent if `text` has another form: libpq's keywords and values look similar, but are not separated by semicolons.
std::optional<std::vector<QueryParameter>> parse_ado_connection_string(std::string_view text);

}  // namespace slipway
