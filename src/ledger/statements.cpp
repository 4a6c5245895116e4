#include "ledger/statements.h"

#include <array>

#include <unistd.h>

#include "database/assertion.h"
#include "ledger/operators.h"
#include "revision/id_rules.h"
#include "version.h"

namespace slipway {
namespace {

constexpr std::string_view moved_word = "slipway: moved by another session";
constexpr std::string_view unwritten_word = "slipway: the ledger is not as it was written";

// An aggregate over the version table, to be compared with array_of(heads). An array of one element needs no order.
std::string all_heads(const Heads& heads) {
  return heads.size() <= 1 ? "pg_catalog.array_agg(version_num::text)"
                           : "pg_catalog.array_agg(version_num::text ORDER BY version_num COLLATE pg_catalog.\"C\")";
}

std::string array_of(const Quoting& quoting, const Heads& heads) {
  std::string ids;
  for (const RevisionId& id : heads)
    ids += (ids.empty() ? "" : ", ") + quoting.literal(id.str());
  return "ARRAY[" + ids + "]::text[]";
}

// A condition on an aggregate over the version table: it holds exactly these heads.
std::string aggregate_is(const Quoting& quoting, const Heads& heads) {
  return "coalesce(" + all_heads(heads) + ", '{}')" + equals + array_of(quoting, heads);
}

// A statement that changes one row, and fails if it changes none.
std::string one_row(const std::string& statement) {
  return "WITH written AS (" + statement + " RETURNING id) " +
         select_or_fail("EXISTS (SELECT FROM written)", unwritten_word);
}

// The host name; in a container, the container's name.
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

// The columns that differ from entry to entry: revision to statements_done.
std::string entry_values(const Quoting& quoting, const LedgerRecord& record, JournalState state) {
  const std::string done = std::to_string(state == JournalState::done ? record.statements : 0);
  return quoting.literal(record.revision.str()) + ", " + quoting.note(record.message) + ", '" +
         std::string{word(record.action)} + "', '" + std::string{word(state)} + "', " +
         literal_or_null(quoting, record.token_checksum) + ", " + literal_or_null(quoting, record.byte_checksum) +
         ", " + std::to_string(record.statements) + ", " + done;
}

// The other columns: times, host and program.
std::string entry_circumstances(const Quoting& quoting, JournalState state, LedgerStatements::From from) {
  return std::string{"pg_catalog.now(), "} +
         (state == JournalState::done ? "pg_catalog.clock_timestamp(), " : "NULL, ") +
         (from == LedgerStatements::From::here ? quoting.literal(host())
                                               : "coalesce(pg_catalog.host(pg_catalog.inet_client_addr()), 'local')") +
         ", 'slipway " + std::string{version} + "'";
}

std::string insert_entry(const Quoting& quoting, const std::string& table, const LedgerRecord& record,
                         JournalState state) {
  return "INSERT INTO " + table + entry_columns + " VALUES (" + entry_values(quoting, record, state) + ", " +
         entry_circumstances(quoting, state, LedgerStatements::From::here) + ") RETURNING id;\n";
}

}  // namespace

std::string LedgerStatements::qualified(std::string_view table) const {
  const std::string schema = state_.schema.empty() ? "" : quoting_.identifier(state_.schema) + ".";
  return schema + quoting_.identifier(table);
}

std::string LedgerStatements::version_table() const {
  return qualified(ledger_.version_table());
}

std::string LedgerStatements::journal_table() const {
  return qualified(ledger_.journal());
}

std::string LedgerStatements::heads_are(const Heads& heads) const {
  return "coalesce((SELECT " + all_heads(heads) + " FROM " + version_table() + "), '{}')" + equals +
         array_of(quoting_, heads);
}

std::vector<std::string> LedgerStatements::guard() const {
  // This runs with every revision. Most of its cost is planning: each subquery is planned separately, and max(id)
  // twice.
  return {see_all_rows(),
          select_or_fail(aggregate_is(quoting_, state_.heads) + " AND " + journal_is_as_read(), moved_word,
                         version_table()),
          reset_row_security};
}

std::vector<std::string> LedgerStatements::guard_journal() const {
  return {see_all_rows(), select_or_fail(journal_is_as_read(), moved_word), reset_row_security};
}

std::string LedgerStatements::journal_is_as_read() const {
  return "coalesce((SELECT id FROM " + journal_table() + " ORDER BY id DESC LIMIT 1), 0)" + equals +
         std::to_string(state_.journal.last_id);
}

std::string LedgerStatements::watch(const Heads& wanted) const {
  const std::string versions = version_table();
  const std::string journal = journal_table();
  if (state_.version_table_exists && state_.journal_exists)
    return see_all_rows() +
           "SELECT pg_catalog.concat(pg_catalog.array_agg(version_num ORDER BY version_num), ' ', (SELECT "
           "pg_catalog.max(id) FROM " +
           journal + ")), " + heads_are(wanted) + " FROM " + versions;
  const std::string both = "pg_catalog.num_nulls(pg_catalog.to_regclass(" + quoting_.literal(versions) +
                           "), pg_catalog.to_regclass(" + quoting_.literal(journal) + "))";
  return "SELECT " + both + "::text, " + both + equals + "0";
}

std::vector<std::string> LedgerStatements::create() const {
  std::vector<std::string> statements;
  if (!state_.version_table_exists)
    statements.push_back(
        "CREATE TABLE IF NOT EXISTS " + version_table() + " (version_num VARCHAR(" +
        std::to_string(ledger_.longest_id() <= alembic_id_limit ? alembic_id_limit : longest_revision_id) +
        ") NOT NULL, CONSTRAINT " + quoting_.identifier(ledger_.version_table() + "_pkc") +
        " PRIMARY KEY (version_num));\n");
  if (!state_.journal_exists) statements.push_back("CREATE TABLE IF NOT EXISTS " + journal_table() + journal_columns);
  // The guard decides a race, so the notice "already exists, skipping" is suppressed.
  if (!statements.empty()) {
    statements.insert(statements.begin(), "SET LOCAL client_min_messages = warning;\n");
    statements.emplace_back("SET LOCAL client_min_messages TO DEFAULT;\n");
  }
  return statements;
}

std::string LedgerStatements::change_rows(const RowChange& change) const {
  const std::string table = version_table();
  std::string sql;
  for (const RevisionId& id : change.deleted)
    sql += "DELETE FROM " + table + " WHERE version_num" + equals + quoting_.literal(id.str()) + ";\n";
  if (change.updated)
    sql += "UPDATE " + table + " SET version_num = " + quoting_.literal(change.updated->to.str()) +
           " WHERE version_num" + equals + quoting_.literal(change.updated->from.str()) + ";\n";
  for (const RevisionId& id : change.inserted)
    sql += "INSERT INTO " + table + " (version_num) VALUES (" + quoting_.literal(id.str()) + ");\n";
  return sql;
}

std::string LedgerStatements::move_heads(const RowChange& change) const {
  const std::string changes = change_rows(change);
  if (changes.empty()) return {};
  return see_all_rows() + changes + require_heads(change.applied_to(state_.heads));
}

std::string LedgerStatements::replace_heads(const Heads& heads) const {
  RowChange all_of_them;
  all_of_them.inserted.assign(heads.begin(), heads.end());
  return see_all_rows() + "DELETE FROM " + version_table() + ";\n" + change_rows(all_of_them) + require_heads(heads);
}

std::string LedgerStatements::require_heads(const Heads& heads) const {
  return select_or_fail(aggregate_is(quoting_, heads), unwritten_word, version_table());
}

std::string LedgerStatements::record(const LedgerRecord& record) const {
  return insert_entry(quoting_, journal_table(), record, JournalState::done);
}

std::string LedgerStatements::record_all(std::span<const LedgerRecord> records, From from) const {
  if (records.empty()) return {};
  std::string rows;
  for (const LedgerRecord& record : records)
    rows += (rows.empty() ? "" : ",\n  (") + entry_values(quoting_, record, JournalState::done) + ", " +
            entry_circumstances(quoting_, JournalState::done, from) + ")";
  return "INSERT INTO " + journal_table() + entry_columns + " VALUES\n  (" + rows + ";\n";
}

std::string LedgerStatements::adopt_rest(std::span<const LedgerRecord> applied) const {
  if (applied.empty()) return {};
  const std::string journal = journal_table();
  std::string rows;
  int place = 0;
  for (const LedgerRecord& record : applied)
    rows += (rows.empty() ? "" : ",\n  (") + std::to_string(++place) + ", " +
            entry_values(quoting_, record, JournalState::done) + ")";
  return "WITH applied (place, revision, message, action, state, token_checksum, byte_checksum, statements, "
         "statements_done) AS (VALUES\n  (" +
         rows + "\n)\nINSERT INTO " + journal + entry_columns +
         "\nSELECT revision, message, action, state, token_checksum, byte_checksum, statements, statements_done, " +
         entry_circumstances(quoting_, JournalState::done, From::script) +
         "\nFROM applied WHERE place > coalesce((SELECT pg_catalog.max(a.place) FROM applied a JOIN " + journal +
         " j ON j.revision = a.revision), 0)\nORDER BY place;\n";
}

std::string LedgerStatements::record_start(const LedgerRecord& script, const ScriptProgress& progress) const {
  LedgerRecord begun = script;
  begun.byte_checksum = progress.begun;
  return insert_entry(quoting_, journal_table(), begun, progress.state);
}

std::string LedgerStatements::record_progress(std::int64_t entry, const ScriptProgress& progress) const {
  return one_row(update_entry(entry, progress_columns(progress)));
}

std::string LedgerStatements::record_resumption(std::int64_t entry, const LedgerRecord& script,
                                                const ScriptProgress& progress) const {
  return one_row(update_entry(entry, progress_columns(progress) + ", message = " + quoting_.literal(script.message) +
                                         ", token_checksum = " + literal_or_null(quoting_, script.token_checksum) +
                                         ", statements = " + std::to_string(script.statements)));
}

std::string LedgerStatements::record_end(std::int64_t entry, const std::optional<LedgerRecord>& script) const {
  const std::string statements = script ? std::to_string(script->statements) : "statements";
  return one_row(update_entry(
      entry, "state = 'done', statements = " + statements + ", statements_done = " + statements +
                 ", token_checksum = " + literal_or_null(quoting_, script ? script->token_checksum : std::nullopt) +
                 ", byte_checksum = " + literal_or_null(quoting_, script ? script->byte_checksum : std::nullopt) +
                 ", finished_at = pg_catalog.clock_timestamp()"));
}

std::string LedgerStatements::update_entry(std::int64_t entry, const std::string& columns) const {
  return "UPDATE " + journal_table() + " SET " + columns + " WHERE id = " + std::to_string(entry);
}

std::string LedgerStatements::progress_columns(const ScriptProgress& progress) const {
  return "state = '" + std::string{word(progress.state)} +
         "', statements_done = " + std::to_string(progress.statements_done) +
         ", byte_checksum = " + quoting_.literal(progress.begun.str());
}

std::string LedgerStatements::forget(std::int64_t entry) const {
  return one_row("DELETE FROM " + journal_table() + " WHERE id = " + std::to_string(entry) + " AND state <> 'done'");
}

bool is_moved(const ServerError& error) {
  return failed_with(error, moved_word);
}

bool is_unwritten(const ServerError& error) {
  return failed_with(error, unwritten_word);
}

}  // namespace slipway
