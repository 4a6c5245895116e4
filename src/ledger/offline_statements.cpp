#include "ledger/offline_statements.h"

namespace slipway {
namespace {

std::string raise_unless(const std::string& condition, const std::string& sentence) {
  return "  IF NOT " + condition + " THEN\n    RAISE EXCEPTION '" + sentence + "';\n  END IF;\n";
}

std::string in_block(const std::string& statements) {
  return "DO $slipway$\nBEGIN\n" + statements + "END\n$slipway$;\n";
}

constexpr auto lock_is_held = "slipway: another session is migrating this database";

// Works outside a transaction too, in which SET LOCAL would have no effect.
std::string seeing_all_rows(const std::string& statements) {
  return "SET row_security = off;\n" + statements + "RESET row_security;\n";
}

}  // namespace

// The same key as Ledger::lock_key(), computed by the server, which finds the schema itself.
std::string OfflineStatements::lock_key() const {
  if (!state_.schema.empty()) return std::to_string(ledger_.lock_key(state_).value);
  const std::string table = quoting_.literal(quoting_.identifier(ledger_.version_table()));
  return "('x' || pg_catalog.left(pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to('slipway lock' || "
         "pg_catalog.chr(10) || coalesce((SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n "
         "ON n.oid = c.relnamespace WHERE c.oid = pg_catalog.to_regclass(" +
         table + ")), pg_catalog.current_schema())::text || pg_catalog.chr(10) || " +
         quoting_.literal(ledger_.version_table()) + ", 'UTF8')), 'hex'), 16))::bit(64)::int8";
}

std::string OfflineStatements::require(const Heads& heads) const {
  return raise_unless(ledger_.statements(quoting_, state_).heads_are(heads),
                      "slipway: this database is not at " + heads.str());
}

std::string OfflineStatements::lock_and_require(const Heads& heads) const {
  return seeing_all_rows(in_block(
      raise_unless("pg_catalog.pg_try_advisory_xact_lock(" + lock_key() + ")", lock_is_held) + require(heads)));
}

std::string OfflineStatements::lock_session_and_require(const Heads& heads) const {
  return seeing_all_rows(
      in_block(raise_unless("pg_catalog.pg_try_advisory_lock(" + lock_key() + ")", lock_is_held) + require(heads)));
}

std::string OfflineStatements::require_room_for_ids(std::size_t length) const {
  const std::string enough = std::to_string(length);
  return in_block(raise_unless(
      "coalesce((SELECT a.atttypmod - 4 FROM pg_catalog.pg_attribute a WHERE a.attrelid = pg_catalog.to_regclass(" +
          quoting_.literal(ledger_.statements(quoting_, state_).version_table()) +
          ") AND a.attname = 'version_num' AND a.atttypmod >= 4), " + enough + ") >= " + enough,
      "slipway: the version table has no room for an id of " + enough + " characters"));
}

std::string OfflineStatements::move_heads(const RowChange& change, const Heads& after) const {
  const LedgerStatements statements = ledger_.statements(quoting_, state_);
  const std::string changes = statements.change_rows(change);
  if (changes.empty()) return {};
  return seeing_all_rows(changes +
                         in_block(raise_unless(statements.heads_are(after),
                                               "slipway: the version table does not contain what was written to it")));
}

std::string OfflineStatements::unlock_session() const {
  return in_block("  PERFORM pg_catalog.pg_advisory_unlock(" + lock_key() + ");\n");
}

}  // namespace slipway
