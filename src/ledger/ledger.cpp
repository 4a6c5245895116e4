#include "ledger/ledger.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

#include "error/error.h"
#include "ledger/operators.h"

namespace slipway {
namespace {

// A cast that fails at run time aborts the message before its next statement, needs no procedural language, and carries
// words of ours in the error whatever language the server speaks: 22P02 with the text that was cast.
constexpr std::string_view locked_word = "slipway: locked by another session";
constexpr std::string_view moved_word = "slipway: moved by another session";

// `from`: the table that the condition is an aggregate of, where it is one.
std::string fail_unless(const std::string& condition, std::string_view word, const std::string& from = "") {
  return "SELECT (CASE WHEN " + condition + " THEN '0' ELSE '" + std::string{word} + "' END)::pg_catalog.int4" +
         (from.empty() ? "" : " FROM " + from) + ";\n";
}

bool failed_with(const ServerError& error, std::string_view word) {
  return error.sqlstate == sqlstate::invalid_text_representation && error.message.find(word) != std::string::npos;
}

std::optional<Checksum> checksum(const Rows& rows, int row, int column) {
  const auto hex = rows.value(row, column);
  return hex ? std::optional{Checksum{std::string{*hex}}} : std::nullopt;
}

// The columns that read() asks for, of a row of the version table (head), of the catalog (place) or of the journal
// (entry), so that one statement and thus one snapshot shows them all.
enum Column { kind, name, action, state, tokens, bytes, statements, statements_done, id };

constexpr auto null_columns = ", NULL, NULL, NULL, NULL, NULL, NULL, NULL";

// The schema by a function that looks it up in the server's caches: a join of two catalogs costs the server more than
// all the rest of the question (a millisecond, where a session asks for the first time).
std::string select_place(const std::string& table_literal) {
  return "SELECT 'place', (pg_catalog.pg_identify_object_as_address('pg_catalog.pg_class'::pg_catalog.regclass, " +
         table_literal +
         "::pg_catalog.regclass, 0)).object_names[1], pg_catalog.current_database()::text, NULL::text, NULL::text, "
         "NULL::text, NULL::int4, NULL::int4, NULL::int8";
}

std::string select_heads(const std::string& table) {
  return "SELECT 'head', version_num::text" + std::string{null_columns} + " FROM " + table;
}

std::string select_entries(const std::string& table) {
  return "SELECT 'entry', revision, action, state, token_checksum, byte_checksum, statements, statements_done, id "
         "FROM " +
         table;
}

// An aggregate over the version table, to be compared with array_of(heads). No order is needed to tell an array of one
// from all others.
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

void fill(LedgerState& ledger, const Rows& rows) {
  std::vector<RevisionId> heads;
  std::vector<JournalEntry> entries;
  for (int row = 0; row < rows.size(); ++row) {
    const auto what = rows.value(row, kind);
    if (what == "place") {
      ledger.schema = rows.text(row, name);
      ledger.database = rows.text(row, action);
    } else if (what == "head") {
      heads.emplace_back(rows.text(row, name));
    } else {
      entries.push_back({.id = rows.integer(row, id),
                         .revision = RevisionId{rows.text(row, name)},
                         .action = journal_action(rows.text(row, action)),
                         .state = journal_state(rows.text(row, state)),
                         .token_checksum = checksum(rows, row, tokens),
                         .byte_checksum = checksum(rows, row, bytes),
                         .statements = static_cast<int>(rows.integer(row, statements)),
                         .statements_done = static_cast<int>(rows.integer(row, statements_done))});
    }
  }
  ledger.heads = Heads{std::move(heads)};
  std::ranges::sort(entries, {}, &JournalEntry::id);
  for (const JournalEntry& entry : entries)
    ledger.journal.add(entry);
}

[[noreturn]] void refuse(const ServerError& error, const std::string& table) {
  if (error.sqlstate == sqlstate::insufficient_privilege)
    throw Error{
        ExitCode::access_refused, "can't read the version table: " + error.message,
        "grant SELECT on " + table + " and the journal to the role that migrates, or choose another with --role"};
  if (error.sqlstate == sqlstate::undefined_object || error.sqlstate == sqlstate::invalid_parameter_value)
    throw Error{ExitCode::bad_configuration, error.message, "check --role, and the settings in the database URL"};
  if (const auto lack = lack_of_resources(error)) throw Error{*lack};
  if (error.sqlstate == sqlstate::lock_not_available)
    throw Error{ExitCode::try_again, "can't read the version table " + table + ": another session keeps it locked",
                "look in pg_locks for who does: a transaction that was left open, or VACUUM FULL"};
  throw Error{ExitCode::bad_migrations, "can't read the version table " + table + ": " + error.message,
              "check --version-table and --version-schema: the table has one column, version_num"};
}

}  // namespace

Ledger::Ledger(LedgerNames names) : names_{std::move(names)} {}

std::string Ledger::journal_name() const {
  // Applications that share a schema have a version table each, and then a journal each.
  return names_.version_table == LedgerNames{}.version_table ? "slipway_journal"
                                                             : "slipway_journal_" + names_.version_table;
}

std::string Ledger::qualified(const Quoting& quoting, const LedgerState& state, std::string_view table) const {
  const std::string schema = state.schema.empty() ? "" : quoting.identifier(state.schema) + ".";
  return schema + quoting.identifier(table);
}

std::string Ledger::version_table(const Quoting& quoting, const LedgerState& state) const {
  return qualified(quoting, state, names_.version_table);
}

std::string Ledger::journal_table(const Quoting& quoting, const LedgerState& state) const {
  return qualified(quoting, state, journal_name());
}

LedgerState Ledger::read(Session& session, const ReadPatience& patience) const {
  const std::string prefix = names_.schema ? session.identifier(*names_.schema) + "." : "";
  const std::string versions = prefix + session.identifier(names_.version_table);
  const std::string journal = prefix + session.identifier(journal_name());

  const std::string before = "SET LOCAL lock_timeout = " + std::to_string(patience.lock_timeout.count()) + ";";
  const auto require_answer = [&, start = std::chrono::steady_clock::now()] {
    if (std::chrono::steady_clock::now() - start > patience.answer)
      throw ConnectionLost{"no answer within " + std::to_string(patience.answer.count()) + " ms"};
  };
  const auto ask = [&](const std::string& question) {
    Outcome outcome = session.run(session.set_local() + before + question, {.tick = require_answer});
    if (outcome.end == Outcome::End::lost) throw ConnectionLost{outcome.lost_because};
    return outcome;
  };

  LedgerState ledger;
  const Outcome all = ask(select_place(session.literal(versions)) + " UNION ALL " + select_heads(versions) +
                          " UNION ALL " + select_entries(journal));
  if (all.end == Outcome::End::done) {
    ledger.version_table_exists = ledger.journal_exists = true;
    fill(ledger, all.results.back());
    return ledger;
  }
  if (all.error->sqlstate != sqlstate::undefined_table && all.error->sqlstate != sqlstate::invalid_schema_name)
    refuse(*all.error, versions);

  const std::string schema = names_.schema ? session.literal(*names_.schema) : "pg_catalog.current_schema()";
  const Outcome probe =
      ask("SELECT pg_catalog.current_database(), (SELECT nspname FROM pg_catalog.pg_namespace WHERE "
          "nspname = " +
          schema + "), pg_catalog.to_regclass(" + session.literal(versions) + ") IS NOT NULL, pg_catalog.to_regclass(" +
          session.literal(journal) + ") IS NOT NULL");
  if (probe.end == Outcome::End::failed) refuse(*probe.error, versions);
  const Rows& found = probe.results.back();
  ledger.database = found.text(0, 0);
  ledger.schema = found.text(0, 1);
  ledger.version_table_exists = found.is_true(0, 2);
  ledger.journal_exists = found.is_true(0, 3);
  if (!ledger.version_table_exists && ledger.schema.empty())
    throw Error{ExitCode::bad_configuration,
                names_.schema
                    ? "the schema '" + *names_.schema + "' does not exist in database '" + ledger.database + "'"
                    : "no schema of the search path exists in database '" + ledger.database + "'",
                "create it before the first migration, or choose another with --version-schema"};
  if (!ledger.version_table_exists && !ledger.journal_exists) return ledger;

  std::string question;
  if (ledger.version_table_exists)
    question = select_place(session.literal(versions)) + " UNION ALL " + select_heads(versions);
  if (ledger.journal_exists) question += (question.empty() ? "" : " UNION ALL ") + select_entries(journal);
  const Outcome some = ask(question);
  if (some.end == Outcome::End::failed) refuse(*some.error, versions);
  fill(ledger, some.results.back());
  return ledger;
}

std::vector<JournalEvent> Ledger::events(Session& session, const LedgerState& state) const {
  if (!state.journal_exists) return {};
  const auto utc = [](const std::string& column) {
    return "pg_catalog.to_char(" + column + R"( AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))";
  };
  const std::string journal = journal_table(session, state);
  const Outcome outcome = session.run(
      session.set_local() + "SELECT revision, action, state, " + utc("started_at") + ", " + utc("finished_at") +
      ", (1000::float8 * pg_catalog.date_part('epoch', finished_at - started_at))::int8, role, host FROM " + journal +
      " ORDER BY id");
  if (outcome.end == Outcome::End::lost) throw ConnectionLost{outcome.lost_because};
  if (outcome.end == Outcome::End::failed) refuse(*outcome.error, journal);
  std::vector<JournalEvent> events;
  const Rows& rows = outcome.results.back();
  events.reserve(static_cast<std::size_t>(rows.size()));
  for (int row = 0; row < rows.size(); ++row)
    events.push_back({.revision = RevisionId{rows.text(row, 0)},
                      .action = journal_action(rows.text(row, 1)),
                      .state = journal_state(rows.text(row, 2)),
                      .started_at = rows.text(row, 3),
                      .finished_at = rows.text(row, 4),
                      .duration_ms = rows.integer(row, 5),
                      .role = rows.text(row, 6),
                      .host = rows.text(row, 7)});
  return events;
}

std::int64_t Ledger::lock_key(const LedgerState& state) const {
  const Checksum sum = bytes_checksum(Script{.sql = "slipway lock\n" + state.schema + "\n" + names_.version_table});
  std::uint64_t key = 0;
  std::from_chars(sum.str().data(), sum.str().data() + 16, key, 16);
  return static_cast<std::int64_t>(key);
}

std::string Ledger::heads_are(const Quoting& quoting, const LedgerState& state, const Heads& heads) const {
  return "coalesce((SELECT " + all_heads(heads) + " FROM " + version_table(quoting, state) + "), '{}')" + equals +
         array_of(quoting, heads);
}

std::string Ledger::guard(const Quoting& quoting, const LedgerState& state) const {
  // It is asked with every revision, and most of what it costs the server is to plan it: each subquery by itself, and
  // max(id) twice.
  return fail_unless("coalesce(" + all_heads(state.heads) + ", '{}')" + equals + array_of(quoting, state.heads) +
                         " AND coalesce((SELECT id FROM " + journal_table(quoting, state) +
                         " ORDER BY id DESC LIMIT 1), 0)" + equals + std::to_string(state.journal.last_id),
                     moved_word, version_table(quoting, state));
}

std::string Ledger::watch(const Quoting& quoting, const LedgerState& state, const Heads& wanted) const {
  const std::string versions = version_table(quoting, state);
  const std::string journal = journal_table(quoting, state);
  if (state.version_table_exists && state.journal_exists)
    return "SELECT pg_catalog.concat(pg_catalog.array_agg(version_num ORDER BY version_num), ' ', (SELECT "
           "pg_catalog.max(id) FROM " +
           journal + ")), " + heads_are(quoting, state, wanted) + " FROM " + versions;
  const std::string both = "pg_catalog.num_nulls(pg_catalog.to_regclass(" + quoting.literal(versions) +
                           "), pg_catalog.to_regclass(" + quoting.literal(journal) + "))";
  return "SELECT " + both + "::text, " + both + equals + "0";
}

std::string take_lock(std::int64_t key) {
  return fail_unless("pg_catalog.pg_try_advisory_xact_lock(" + std::to_string(key) + ")", locked_word);
}

bool is_locked(const ServerError& error) {
  return failed_with(error, locked_word);
}
bool is_moved(const ServerError& error) {
  return failed_with(error, moved_word);
}

}  // namespace slipway
