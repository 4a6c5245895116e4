#pragma once

// Operators in the ledger's SQL, by their full names: one of that name in a schema of the search path, made by somebody
// else for just these types, would be taken first (PostgreSQL: "Operator Type Resolution").

namespace slipway {

constexpr auto equals = " OPERATOR(pg_catalog.=) ";

}  // namespace slipway
