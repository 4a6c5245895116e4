#include "ledger/elsewhere.h"

#include <algorithm>
#include <span>

namespace slipway {
namespace {

// The server's lock table has room for some thousand tables, and a database may have a schema for each tenant.
constexpr std::size_t tables_of_one_question = 50;

std::string select_revisions(const Quoting& quoting, const LedgerElsewhere& found) {
  const bool is_journal = found.kind == LedgerElsewhere::Kind::journal;
  return "SELECT " + quoting.literal(found.schema) + "::text, " + (is_journal ? "revision" : "version_num::text") +
         " FROM " + quoting.identifier(found.schema) + "." + quoting.identifier(found.table) +
         (is_journal ? " WHERE state = 'done' AND action NOT IN ('downgrade', 'unstamp')" : "");
}

// If one query can't read all of them, because a table was dropped or is not a ledger's, each is read separately.
void read_some(std::span<LedgerElsewhere> some, const Quoting& quoting, const Ask& ask) {
  std::string question;
  for (const LedgerElsewhere& found : some)
    if (found.is_readable) question += (question.empty() ? "" : " UNION ALL ") + select_revisions(quoting, found);
  if (question.empty()) return;
  const Outcome outcome = ask(question);
  if (outcome.end == Outcome::End::failed) {
    if (some.size() == 1) {
      some.front().is_readable = false;
      return;
    }
    for (std::size_t i = 0; i < some.size(); ++i)
      read_some(some.subspan(i, 1), quoting, ask);
    return;
  }
  const Rows& rows = outcome.results.back();
  for (int row = 0; row < rows.size(); ++row) {
    const auto found = std::ranges::find(some, rows.text(row, 0), &LedgerElsewhere::schema);
    if (found != some.end()) found->revisions.emplace_back(rows.text(row, 1));
  }
}

}  // namespace

std::string select_elsewhere(const Quoting& quoting, const LedgerTables& tables, const std::string& schema) {
  const std::string versions = quoting.literal(tables.version_table);
  const std::string journal = quoting.literal(tables.journal);
  // A foreign table is reported but not read, because its server may not answer.
  return "SELECT n.nspname, c.relname, c.relname = " + versions +
         ", c.relkind <> 'f' AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND "
         "pg_catalog.has_table_privilege(c.oid, 'SELECT') AND NOT pg_catalog.row_security_active(c.oid) FROM "
         "pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', "
         "'v', 'm', 'f') AND n.nspname IS DISTINCT FROM " +
         schema +
         " AND pg_catalog.left(n.nspname, 3) <> 'pg_' AND n.nspname <> 'information_schema' AND (c.relname = " +
         versions +
         " AND EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'version_num') "
         "OR "
         "c.relname = " +
         journal +
         " AND NOT EXISTS (SELECT FROM pg_catalog.pg_class v WHERE v.relnamespace = n.oid AND v.relname = " + versions +
         ")) ORDER BY 1";
}

std::vector<LedgerElsewhere> elsewhere(const Rows& answer) {
  using Kind = LedgerElsewhere::Kind;
  std::vector<LedgerElsewhere> found;
  found.reserve(static_cast<std::size_t>(answer.size()));
  for (int row = 0; row < answer.size(); ++row)
    found.push_back({.kind = answer.is_true(row, 2) ? Kind::version_table : Kind::journal,
                     .table = answer.text(row, 1),
                     .schema = answer.text(row, 0),
                     .is_readable = answer.is_true(row, 3)});
  return found;
}

void read_revisions(std::vector<LedgerElsewhere>& found, const Quoting& quoting, const Ask& ask) {
  for (std::size_t begin = 0; begin < found.size(); begin += tables_of_one_question)
    read_some(std::span{found}.subspan(begin, std::min(tables_of_one_question, found.size() - begin)), quoting, ask);
}

}  // namespace slipway
