#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

// The query parameters of database URLs that are not libpq's (slipway's libpq is that of PostgreSQL 15): the names that
// drivers, pools, frameworks and migration tools use, and what slipway does with each. To add one, add its name to a
// row of the table and to docs/database-urls.md.
//
// A parameter that only affects the application is left out. One that changes what a migration does, above all the
// schema of its tables, is never left out. One that asks for more security than slipway can provide is refused.

namespace slipway {

enum class Treatment {
  left_out,
  renamed,            // to libpq's `keyword`
  server_setting,     // set in every session, under the name `keyword`, or the parameter's own if that is empty
  schema,             // the plain name of a schema: becomes the search_path
  ssl,                // true, false or asyncpg's names: becomes sslmode
  certificate_check,  // Prisma's sslaccept
  socket_factory,     // Java's sslfactory: selects the trusted certificates
  target_server,      // Java's names for target_session_attrs
  refused,            // for `reason`, unless its value is one of `harmless`
};

struct DriverParameters {
  std::string_view names;  // separated by blanks
  std::string_view owner;
  Treatment treatment = Treatment::left_out;
  std::string_view keyword{};
  std::string_view reason{};
  std::string_view hint{};
  std::string_view harmless{};  // separated by blanks
};

std::span<const DriverParameters> driver_parameters() noexcept;

// The row with the name, ignoring case; null if no known driver has it.
const DriverParameters* driver_parameter(std::string_view name) noexcept;

// Whether a refused parameter may be left out if it has that value.
bool is_harmless(const DriverParameters& row, std::string_view value) noexcept;

// All names, for errors.
std::vector<std::string> driver_parameter_names();

}  // namespace slipway
