#include "ledger/row_security.h"

#include "base/text.h"
#include "error/error.h"

namespace slipway {
namespace {

std::string is_one_of(const Session& session, const std::vector<TableName>& tables) {
  std::string condition;
  for (const TableName& table : tables)
    condition += (condition.empty() ? "" : " OR ") + ("(c.relname = " + session.literal(table.name)) + " AND " +
                 (table.schema ? "n.nspname = " + session.literal(*table.schema)
                               : std::string{"pg_catalog.pg_table_is_visible(c.oid)"}) +
                 ")";
  return "(" + condition + ")";
}

// The policies for SELECT of table c that apply to the role.
constexpr auto applicable_policies =
    "(SELECT FROM pg_catalog.pg_policy p WHERE p.polrelid = c.oid AND p.polcmd IN ('r', '*') AND EXISTS (SELECT FROM "
    "pg_catalog.unnest(p.polroles) AS r WHERE CASE WHEN r = 0 THEN true ELSE pg_catalog.pg_has_role(r, 'USAGE') END) "
    "AND ";

// A permissive policy that shows every row, and no restrictive one that hides a row.
std::string shows_all_rows() {
  const std::string passes = "pg_catalog.pg_get_expr(p.polqual, p.polrelid) = 'true'";
  return "EXISTS " + (applicable_policies + ("p.polpermissive AND " + passes)) + ") AND NOT EXISTS " +
         (applicable_policies + ("NOT p.polpermissive AND NOT " + passes)) + ")";
}

struct Hidden {
  std::string role;
  std::vector<std::string> tables;
  bool from_owner = false;
};

Error hides_rows(const Hidden& hidden) {
  std::string tables;
  for (const std::string& table : hidden.tables)
    tables += (tables.empty() ? "" : " and ") + table;
  return {ExitCode::access_refused,
          "row-level security hides the rows of " + tables + " from role " + hidden.role +
              ", so slipway can't see which revisions are applied",
          hidden.from_owner
              ? "the role owns the table: ALTER TABLE " + hidden.tables.front() + " NO FORCE ROW LEVEL SECURITY"
              : "let the role see all rows: CREATE POLICY slipway ON " + hidden.tables.front() + " TO " + hidden.role +
                    " USING (true) WITH CHECK (true), likewise for the journal; or give it BYPASSRLS; or name the "
                    "tables' owner with --role"};
}

}  // namespace

std::string set_local(RowSecurity setting) {
  return std::string{"SET LOCAL row_security = "} + (setting == RowSecurity::off ? "off" : "on") + ";\n";
}

RowSecurity row_security_for(Session& session, const std::vector<TableName>& tables) {
  const Outcome outcome =
      session.run(session.set_local() +
                  "SELECT pg_catalog.quote_ident(current_user), pg_catalog.quote_ident(n.nspname) || '.' || "
                  "pg_catalog.quote_ident(c.relname), pg_catalog.pg_has_role(c.relowner, 'USAGE'), " +
                  shows_all_rows() +
                  " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE "
                  "pg_catalog.row_security_active(c.oid) AND " +
                  is_one_of(session, tables) + " ORDER BY 2");
  if (outcome.end == Outcome::End::lost) throw ConnectionLost{outcome.lost_because};
  if (outcome.end == Outcome::End::failed) return RowSecurity::off;
  const Rows& active = outcome.results.back();
  Hidden hidden;
  for (int row = 0; row < active.size(); ++row) {
    if (active.is_true(row, 3)) continue;
    hidden.role = active.text(row, 0);
    hidden.tables.push_back(active.text(row, 1));
    hidden.from_owner = hidden.from_owner || active.is_true(row, 2);
  }
  if (!hidden.tables.empty()) throw hides_rows(hidden);
  return active.size() > 0 ? RowSecurity::on : RowSecurity::off;
}

}  // namespace slipway
