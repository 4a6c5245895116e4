#include <array>
#include <string>

#include <unistd.h>

#include "ledger/ledger.h"
#include "ledger/operators.h"
#include "version.h"

// What changes the ledger: the two tables, the version table's rows, and the journal's entries.

namespace slipway {
namespace {

// Where slipway runs: in a container, the container's name.
std::string host() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string{name.data()} : std::string{};
}

constexpr auto journal_columns = R"( (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  revision text NOT NULL,
  message text NOT NULL,
  action text NOT NULL,
  state text NOT NULL,
  token_checksum text,
  byte_checksum text,
  statements integer NOT NULL,
  statements_done integer NOT NULL,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  role text NOT NULL DEFAULT current_user,
  login text NOT NULL DEFAULT session_user,
  host text NOT NULL,
  backend_pid integer NOT NULL DEFAULT pg_catalog.pg_backend_pid(),
  program text NOT NULL
);
)";

constexpr auto entry_columns =
    " (revision, message, action, state, token_checksum, byte_checksum, statements, statements_done, started_at, "
    "finished_at, host, program)";

std::string literal_or_null(const Quoting& quoting, const std::optional<Checksum>& checksum) {
  return checksum ? quoting.literal(checksum->str()) : "NULL";
}

// What differs from entry to entry: revision to statements_done.
std::string entry_values(const Quoting& quoting, const LedgerRecord& record, JournalState state) {
  const std::string done = std::to_string(state == JournalState::done ? record.statements : 0);
  return quoting.literal(record.revision.str()) + ", " + quoting.literal(record.message) + ", '" +
         std::string{word(record.action)} + "', '" + std::string{word(state)} + "', " +
         literal_or_null(quoting, record.token_checksum) + ", " + literal_or_null(quoting, record.byte_checksum) +
         ", " + std::to_string(record.statements) + ", " + done;
}

// The rest: times, host and program.
std::string entry_circumstances(const Quoting& quoting, JournalState state, Ledger::From from) {
  return std::string{"pg_catalog.now(), "} +
         (state == JournalState::done ? "pg_catalog.clock_timestamp(), " : "NULL, ") +
         (from == Ledger::From::here ? quoting.literal(host())
                                     : "coalesce(pg_catalog.host(pg_catalog.inet_client_addr()), 'local')") +
         ", 'slipway " + std::string{version} + "'";
}

std::string insert_entry(const Quoting& quoting, const std::string& table, const LedgerRecord& record,
                         JournalState state) {
  return "INSERT INTO " + table + entry_columns + " VALUES (" + entry_values(quoting, record, state) + ", " +
         entry_circumstances(quoting, state, Ledger::From::here) + ") RETURNING id;\n";
}

}  // namespace

std::vector<std::string> Ledger::create(const Quoting& quoting, const LedgerState& state) const {
  std::vector<std::string> statements;
  if (!state.version_table_exists)
    statements.push_back("CREATE TABLE IF NOT EXISTS " + version_table(quoting, state) +
                         " (version_num VARCHAR(32) NOT NULL, CONSTRAINT " +
                         quoting.identifier(names_.version_table + "_pkc") + " PRIMARY KEY (version_num));\n");
  if (!state.journal_exists)
    statements.push_back("CREATE TABLE IF NOT EXISTS " + journal_table(quoting, state) + journal_columns);
  // A race is decided by the guard, so "already exists, skipping" is nobody's news.
  if (!statements.empty()) {
    statements.insert(statements.begin(), "SET LOCAL client_min_messages = warning;\n");
    statements.emplace_back("SET LOCAL client_min_messages TO DEFAULT;\n");
  }
  return statements;
}

std::string Ledger::move_heads(const Quoting& quoting, const LedgerState& state, const RowChange& change) const {
  const std::string table = version_table(quoting, state);
  std::string sql;
  for (const RevisionId& id : change.deleted)
    sql += "DELETE FROM " + table + " WHERE version_num" + equals + quoting.literal(id.str()) + ";\n";
  if (change.updated)
    sql += "UPDATE " + table + " SET version_num = " + quoting.literal(change.updated->to.str()) +
           " WHERE version_num" + equals + quoting.literal(change.updated->from.str()) + ";\n";
  for (const RevisionId& id : change.inserted)
    sql += "INSERT INTO " + table + " (version_num) VALUES (" + quoting.literal(id.str()) + ");\n";
  return sql;
}

std::string Ledger::record(const Quoting& quoting, const LedgerState& state, const LedgerRecord& record) const {
  return insert_entry(quoting, journal_table(quoting, state), record, JournalState::done);
}

std::string Ledger::record_all(const Quoting& quoting, const LedgerState& state, std::span<const LedgerRecord> records,
                               From from) const {
  if (records.empty()) return {};
  std::string rows;
  for (const LedgerRecord& record : records)
    rows += (rows.empty() ? "" : ",\n  (") + entry_values(quoting, record, JournalState::done) + ", " +
            entry_circumstances(quoting, JournalState::done, from) + ")";
  return "INSERT INTO " + journal_table(quoting, state) + entry_columns + " VALUES\n  (" + rows + ";\n";
}

std::string Ledger::adopt_rest(const Quoting& quoting, const LedgerState& state,
                               std::span<const LedgerRecord> applied) const {
  if (applied.empty()) return {};
  const std::string journal = journal_table(quoting, state);
  std::string rows;
  int place = 0;
  for (const LedgerRecord& record : applied)
    rows += (rows.empty() ? "" : ",\n  (") + std::to_string(++place) + ", " +
            entry_values(quoting, record, JournalState::done) + ")";
  return "WITH applied (place, revision, message, action, state, token_checksum, byte_checksum, statements, "
         "statements_done) AS (VALUES\n  (" +
         rows + "\n)\nINSERT INTO " + journal + entry_columns +
         "\nSELECT revision, message, action, state, token_checksum, byte_checksum, statements, statements_done, " +
         entry_circumstances(quoting, JournalState::done, From::script) +
         "\nFROM applied WHERE place > coalesce((SELECT pg_catalog.max(a.place) FROM applied a JOIN " + journal +
         " j ON j.revision = a.revision), 0)\nORDER BY place;\n";
}

std::string Ledger::record_start(const Quoting& quoting, const LedgerState& state, const LedgerRecord& record,
                                 JournalState next) const {
  return insert_entry(quoting, journal_table(quoting, state), record, next);
}

std::string Ledger::record_progress(const Quoting& quoting, const LedgerState& state, std::int64_t entry,
                                    int statements_done, JournalState next) const {
  return "UPDATE " + journal_table(quoting, state) + " SET state = '" + std::string{word(next)} +
         "', statements_done = " + std::to_string(statements_done) + " WHERE id = " + std::to_string(entry) + ";\n";
}

std::string Ledger::record_failure(const Quoting& quoting, const LedgerState& state, std::int64_t entry) const {
  return "UPDATE " + journal_table(quoting, state) + " SET state = 'failed' WHERE id = " + std::to_string(entry) +
         ";\n";
}

std::string Ledger::forget(const Quoting& quoting, const LedgerState& state, std::int64_t entry) const {
  return "DELETE FROM " + journal_table(quoting, state) + " WHERE id = " + std::to_string(entry) +
         " AND state <> 'done';\n";
}

std::string Ledger::record_end(const Quoting& quoting, const LedgerState& state, std::int64_t entry) const {
  return "UPDATE " + journal_table(quoting, state) +
         " SET state = 'done', statements_done = statements, finished_at = pg_catalog.clock_timestamp() WHERE id = " +
         std::to_string(entry) + ";\n";
}

}  // namespace slipway
