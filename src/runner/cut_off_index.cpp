#include "runner/cut_off_index.h"

#include <algorithm>

#include "log/log.h"

namespace slipway {
namespace {

constexpr auto select_indexes =
    "SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), i.indisvalid, "
    "EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE l.locktype = 'relation' AND l.relation = i.indrelid AND "
    "l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) AND "
    "l.mode = 'ShareUpdateExclusiveLock' AND l.granted AND l.pid <> pg_catalog.pg_backend_pid() AND "
    // Autovacuum does not count, because it gives way to sessions that wait for the table.
    "EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.pid = l.pid AND a.usesysid IS NOT NULL)) FROM "
    "pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_class t ON "
    "t.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'i' AND ";

// The index that is built to replace another one, and the replaced one.
constexpr auto is_transient = "NOT i.indisvalid AND c.relname OPERATOR(pg_catalog.~) '_cc(new|old)[0-9]*$' AND ";

InvalidIndex invalid_index(const Rows& rows, int row) {
  return {.name = rows.text(row, 0), .may_be_under_way = rows.is_true(row, 2)};
}

std::string is_in(const Session& session, const std::optional<std::string>& schema) {
  return schema ? "n.nspname = " + session.literal(*schema) : std::string{"pg_catalog.pg_table_is_visible(t.oid)"};
}

CutOffIndex left_by_build(Session& session, const IndexBuild& build) {
  const std::string on_table =
      select_indexes + ("t.relname = " + session.literal(build.table)) + " AND " + is_in(session, build.schema);
  CutOffIndex left;
  left.nameless = !build.name;
  const auto rows = session.query(
      on_table + (build.name ? " AND c.relname = " + session.literal(*build.name) : " AND NOT i.indisvalid"));
  for (int row = 0; row < rows.back().size(); ++row) {
    if (rows.back().is_true(row, 1))
      left.complete = true;
    else
      left.invalid.push_back(invalid_index(rows.back(), row));
  }
  return left;
}

// The tables whose indexes are rebuilt, with their TOAST tables: REINDEX TABLE rebuilds the indexes of both, and of all
// partitions.
std::string tables_of(const Session& session, const IndexRebuild& rebuild) {
  const std::string name = session.literal((rebuild.schema ? session.identifier(*rebuild.schema) + "." : "") +
                                           session.identifier(rebuild.name));
  // pg_partition_tree() returns nothing for a table that is not partitioned.
  const std::string tree = "(SELECT pg_catalog.to_regclass(" + name +
                           ") AS relid UNION SELECT relid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(" +
                           name + ")))";
  switch (rebuild.of) {
    case IndexRebuild::Of::index:
      return "SELECT x.indrelid FROM pg_catalog.pg_index x JOIN " + tree + " p ON p.relid = x.indexrelid";
    case IndexRebuild::Of::table:
      return "SELECT p.relid FROM " + tree + " p";
    case IndexRebuild::Of::schema:
      return "SELECT r.oid FROM pg_catalog.pg_class r WHERE r.relnamespace = (SELECT oid FROM "
             "pg_catalog.pg_namespace WHERE nspname = " +
             session.literal(rebuild.name) + ")";
    case IndexRebuild::Of::database:
      break;
  }
  return "SELECT oid FROM pg_catalog.pg_class";
}

CutOffIndex left_by_rebuild(Session& session, const IndexRebuild& rebuild) {
  const std::string tables = tables_of(session, rebuild);
  CutOffIndex left;
  const auto rows = session.query(std::string{select_indexes} + is_transient + "(t.oid IN (" + tables +
                                  ") OR t.oid IN (SELECT r.reltoastrelid FROM pg_catalog.pg_class r WHERE r.oid IN (" +
                                  tables + ")))");
  for (int row = 0; row < rows.back().size(); ++row)
    left.invalid.push_back(invalid_index(rows.back(), row));
  return left;
}

}  // namespace

CutOffIndex left_by(Session& session, const Statement& statement) {
  if (const auto build = index_build(statement)) return left_by_build(session, *build);
  if (const auto rebuild = index_rebuild(statement)) return left_by_rebuild(session, *rebuild);
  return {};
}

void warn_of_invalid_indexes(Session& session, const RevisionId& revision) {
  const auto rows = session.query(std::string{select_indexes} + "NOT i.indisvalid ORDER BY 1");
  for (int row = 0; row < rows.back().size(); ++row)
    if (const InvalidIndex index = invalid_index(rows.back(), row); !index.may_be_under_way)
      log::warning("index.invalid",
                   "the INVALID index " + index.name + " may be left of " + revision.str() + "; if it is, drop it",
                   {{"index", index.name}, {"revision", revision.str()}});
}

bool can_be_repeated(const Statement& statement) {
  switch (statement.repeatability) {
    case Repeatability::repeatable:
      return true;
    case Repeatability::index_build: {
      const auto build = index_build(statement);
      return build && build->name;
    }
    case Repeatability::index_rebuild:
      return index_rebuild(statement).has_value();
    case Repeatability::once:
      break;
  }
  return false;
}

}  // namespace slipway
