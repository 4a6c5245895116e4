#pragma once

#include <span>
#include <string_view>

// The query parameters of database URLs that are a driver's and not libpq's, under the names that the
// drivers' own documentation has, and what becomes of each. To add one: a row in the table.

namespace slipway {

enum class Treatment {
  left_out,
  renamed,         // to libpq's `keyword`
  ssl_to_sslmode,  // true, false and asyncpg's names
  socket_file,     // pg8000's /run/postgresql/.s.PGSQL.5432, of which libpq has folder and port
  server_setting,  // to `-c keyword=value` in libpq's `options`
};

struct DriverParameter {
  std::string_view name;
  std::string_view owner;
  Treatment treatment = Treatment::left_out;
  std::string_view keyword{};
};

std::span<const DriverParameter> driver_parameters() noexcept;

// Null where no known driver has it.
const DriverParameter* driver_parameter(std::string_view name) noexcept;

}  // namespace slipway
