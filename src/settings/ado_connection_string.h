#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "settings/query_parameters.h"

// An ADO.NET connection string, as Npgsql accepts it: `Host=db;Database=app;Username=app;Password=secret`.

namespace slipway {

// Its settings, under the names that libpq or query_parameters.h uses. Settings that only Npgsql has are left out.
// Absent if `text` is something else: libpq's keywords and values look similar, but have no semicolons.
std::optional<std::vector<QueryParameter>> parse_ado_connection_string(std::string_view text);

}  // namespace slipway
