#pragma once

#include <optional>
#include <string>
#include <vector>

#include "database/session.h"

// Row-level security hides rows from a role silently. If it hid a row of the version table, the revision would seem
// never to have run, and would run again.
//
// So the ledger is read, checked and written with row_security = off: PostgreSQL then refuses a statement whose rows a
// policy might hide (PostgreSQL: "row_security"). It refuses too if the policies hide nothing from the role; then, and
// only then, the ledger is used with row_security = on.

namespace slipway {

enum class RowSecurity { off, on };

// "SET LOCAL row_security = …;", and the statement that resets it before a script runs.
std::string set_local(RowSecurity setting);
inline constexpr auto reset_row_security = "SET LOCAL row_security TO DEFAULT;\n";

// A table, with its names as in the system catalogs.
struct TableName {
  std::optional<std::string> schema;  // absent: where the search path finds it
  std::string name;
};

// To be asked after PostgreSQL has refused a statement on these tables with 42501: `on` if row-level security applies
// to the session's role and its policies show the role all rows; `off` if row-level security does not apply. Throws
// Error 77 if policies may hide rows; and ConnectionLost.
RowSecurity row_security_for(Session& session, const std::vector<TableName>& tables);

}  // namespace slipway
