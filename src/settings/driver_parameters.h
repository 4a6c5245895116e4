#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

// The query parameters of database URLs that are not libpq's (slipway's libpq is of PostgreSQL 15), under the names
// that drivers, pools, frameworks and migration tools have for them, and what becomes of each. To add one: its name in
// a row of the table, and in docs/database-urls.md.
//
// A parameter that only says how the application works is left out. One that decides what a migration means, above all
// in which schema it makes its tables, is never left out; and one that asks for more safety than slipway can give is
// refused.

namespace slipway {

enum class Treatment {
  left_out,
  renamed,            // to libpq's `keyword`
  server_setting,     // made in every session, under the name `keyword`, or its own if that is empty
  schema,             // by its plain name: the search_path
  ssl,                // to sslmode: true, false or asyncpg's names
  certificate_check,  // Prisma's sslaccept
  socket_factory,     // Java's sslfactory: which certificates are trusted
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

// The row that has the name, in any case; null if no known driver has it.
const DriverParameters* driver_parameter(std::string_view name) noexcept;

// Whether a parameter that is refused may be left out with that value.
bool is_harmless(const DriverParameters& row, std::string_view value) noexcept;

// All names, for errors.
std::vector<std::string> driver_parameter_names();

}  // namespace slipway
