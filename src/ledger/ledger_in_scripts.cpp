#include "ledger/ledger.h"

// What of the ledger is only in scripts that are written without a database: statements that find out for themselves
// what a session would have read before.

namespace slipway {
namespace {

std::string raise_unless(const std::string& condition, const std::string& sentence) {
  return "  IF NOT " + condition + " THEN\n    RAISE EXCEPTION '" + sentence + "';\n  END IF;\n";
}

std::string in_block(const std::string& statements) {
  return "DO $slipway$\nBEGIN\n" + statements + "END\n$slipway$;\n";
}

constexpr auto lock_is_held = "slipway: another session migrates this database";

std::string not_at(const Heads& heads) {
  return "slipway: this database is not at " + heads.str();
}

}  // namespace

// What lock_key() computes, for a server that says itself which schema it is.
std::string Ledger::lock_key_expression(const Quoting& quoting, const LedgerState& state) const {
  if (!state.schema.empty()) return std::to_string(lock_key(state));
  const std::string table = quoting.literal(quoting.identifier(names_.version_table));
  return "('x' || pg_catalog.left(pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to('slipway lock' || "
         "pg_catalog.chr(10) || coalesce((SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n "
         "ON n.oid = c.relnamespace WHERE c.oid = pg_catalog.to_regclass(" +
         table + ")), pg_catalog.current_schema())::text || pg_catalog.chr(10) || " +
         quoting.literal(names_.version_table) + ", 'UTF8')), 'hex'), 16))::bit(64)::int8";
}

std::string Ledger::lock_and_require(const Quoting& quoting, const LedgerState& state, const Heads& heads) const {
  return in_block(
      raise_unless("pg_catalog.pg_try_advisory_xact_lock(" + lock_key_expression(quoting, state) + ")", lock_is_held) +
      raise_unless(heads_are(quoting, state, heads), not_at(heads)));
}

std::string Ledger::lock_session_and_require(const Quoting& quoting, const LedgerState& state,
                                             const Heads& heads) const {
  return in_block(
      raise_unless("pg_catalog.pg_try_advisory_lock(" + lock_key_expression(quoting, state) + ")", lock_is_held) +
      raise_unless(heads_are(quoting, state, heads), not_at(heads)));
}

std::string Ledger::unlock_session(const Quoting& quoting, const LedgerState& state) const {
  return in_block("  PERFORM pg_catalog.pg_advisory_unlock(" + lock_key_expression(quoting, state) + ");\n");
}

}  // namespace slipway
