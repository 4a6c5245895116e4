#include "ledger/reading.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "database/role_refusal.h"
#include "error/error.h"
#include "ledger/refusal.h"

namespace slipway {
namespace {

std::optional<Checksum> checksum(const Rows& rows, int row, int column) {
  const auto hex = rows.value(row, column);
  return hex ? std::optional{Checksum{std::string{*hex}}} : std::nullopt;
}

// The columns that read() asks for, of a row of the version table (head), of the catalog (place) or of the journal
// (entry), so that one statement, and thus one snapshot, returns them all.
enum Column { kind, name, action, state, tokens, bytes, statements, statements_done, id };

constexpr int most_looks = 3;

constexpr auto null_columns = ", NULL, NULL, NULL, NULL, NULL, NULL, NULL";

// The schema of a table that exists, by a function that looks it up in the server's caches: a join of two catalogs
// would cost more than the rest of the query (a millisecond for the first query of a session).
std::string schema_of(const std::string& table_literal) {
  return "(pg_catalog.pg_identify_object_as_address('pg_catalog.pg_class'::pg_catalog.regclass, " + table_literal +
         "::pg_catalog.regclass, 0)).object_names[1]";
}

std::string select_place(const std::string& table_literal, const std::string& journal_schema) {
  return "SELECT 'place', " + schema_of(table_literal) + ", pg_catalog.current_database()::text, " + journal_schema +
         "::text, NULL::text, NULL::text, NULL::int4, NULL::int4, NULL::int8";
}

std::string select_heads(const std::string& table) {
  return "SELECT 'head', version_num::text" + std::string{null_columns} + " FROM " + table;
}

// No row, but a description of the column.
std::string describe_heads(const std::string& table) {
  return "SELECT version_num FROM " + table + " LIMIT 0; ";
}

std::string select_entries(const std::string& table) {
  return "SELECT 'entry', revision, action, state, token_checksum, byte_checksum, statements, statements_done, id "
         "FROM " +
         table;
}

}  // namespace

LedgerReading::LedgerReading(Session& session, const LedgerNames& names, const ReadPatience& patience)
    : session_{session},
      names_{names},
      patience_{patience},
      versions_{session.identifier(names.version_table)},
      journal_{session.identifier(names.journal())} {
  ledger_.version_table = names.version_table;
  if (names.schema) use_schema(*names.schema);
}

void LedgerReading::use_schema(const std::string& schema) {
  schema_ = schema;
  versions_ = session_.identifier(schema) + "." + session_.identifier(names_.version_table);
  journal_ = session_.identifier(schema) + "." + session_.identifier(names_.journal());
}

LedgerState LedgerReading::read() {
  const std::string versions = session_.literal(versions_);
  const Outcome all = ask(describe_heads(versions_) + select_place(versions, schema_of(session_.literal(journal_))) +
                          " UNION ALL " + select_heads(versions_) + " UNION ALL " + select_entries(journal_));
  if (all.end == Outcome::End::done) {
    ledger_.version_table_exists = ledger_.journal_exists = true;
    if (fill(all)) return std::move(ledger_);
    // A journal of that name in another schema of the search path belongs to another ledger.
    use_schema(ledger_.schema);
  } else if (all.error->sqlstate != sqlstate::undefined_table && all.error->sqlstate != sqlstate::invalid_schema_name) {
    throw refused_to_read(*all.error, both());
  }

  // A table that exists may be dropped before it is read.
  for (int look = 1;; ++look) {
    look_for_tables();
    if (!ledger_.version_table_exists && !ledger_.journal_exists) return std::move(ledger_);
    const Outcome those = ask_for_those();
    if (those.end == Outcome::End::done) {
      fill(those);
      return std::move(ledger_);
    }
    if (those.error->sqlstate != sqlstate::undefined_table || look == most_looks)
      throw refused_to_read(*those.error, both());
  }
}

Outcome LedgerReading::ask_for_those() {
  use_schema(ledger_.schema);
  std::string question;
  if (ledger_.version_table_exists)
    question = describe_heads(versions_) + select_place(session_.literal(versions_), "NULL") + " UNION ALL " +
               select_heads(versions_);
  if (ledger_.journal_exists) question += (question.empty() ? "" : " UNION ALL ") + select_entries(journal_);
  return ask(question);
}

Rows LedgerReading::answer(const std::string& question, RowSecurity row_security) {
  ledger_.row_security = row_security;
  Outcome outcome = ask(question);
  if (outcome.end == Outcome::End::failed) throw refused_to_read(*outcome.error, both());
  return std::move(outcome.results.back());
}

Outcome LedgerReading::ask(const std::string& question) {
  const auto require_time_left = [&] {
    if (std::chrono::steady_clock::now() - start_ > patience_.answer)
      throw ConnectionLost{"no answer within " + std::to_string(patience_.answer.count()) + " ms"};
  };
  for (;;) {
    Outcome outcome = session_.run(session_.set_local() +
                                       "SET LOCAL lock_timeout = " + std::to_string(patience_.lock_timeout.count()) +
                                       ";" + set_local(ledger_.row_security) + question,
                                   {.tick = require_time_left});
    if (outcome.end == Outcome::End::lost) throw ConnectionLost{outcome.lost_because};
    if (outcome.end == Outcome::End::done) return outcome;
    if (auto refusal = role_refusal(session_, *outcome.error)) throw *std::move(refusal);
    const bool may_be_policies =
        outcome.error->sqlstate == sqlstate::insufficient_privilege && ledger_.row_security == RowSecurity::off;
    if (!may_be_policies || row_security_for(session_, tables()) == RowSecurity::off) return outcome;
    ledger_.row_security = RowSecurity::on;
  }
}

void LedgerReading::look_for_tables() {
  const std::string versions = session_.literal(versions_);
  const std::string schema =
      "coalesce((SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
      "WHERE c.oid = pg_catalog.to_regclass(" +
      versions + ")), (SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname = " +
      (schema_ ? session_.literal(*schema_) : "pg_catalog.current_schema()") + "))";
  const LedgerTables tables{.version_table = names_.version_table, .journal = names_.journal()};
  const Outcome outcome =
      ask("SELECT pg_catalog.current_database(), s.schema, pg_catalog.to_regclass(" + versions +
          ") IS NOT NULL, pg_catalog.to_regclass(pg_catalog.quote_ident(s.schema) || " +
          session_.literal("." + session_.identifier(tables.journal)) + ") IS NOT NULL FROM (SELECT " + schema +
          " AS schema) s; " + (names_.schema ? "" : select_elsewhere(session_, tables, schema)));
  if (outcome.end == Outcome::End::failed) throw refused_to_read(*outcome.error, both());
  const Rows& found = outcome.results[outcome.results.size() - (names_.schema ? 1 : 2)];
  ledger_ = {.database = found.text(0, 0),
             .version_table = names_.version_table,
             .schema = found.text(0, 1),
             .version_table_exists = found.is_true(0, 2),
             .journal_exists = found.is_true(0, 3),
             .row_security = ledger_.row_security,
             .heads = {},
             .bad_rows = {},
             .journal = {}};
  if (!names_.schema) look_elsewhere(outcome.results.back());
  if (!ledger_.version_table_exists) require_a_schema();
}

void LedgerReading::look_elsewhere(const Rows& answer) {
  ledger_.elsewhere = slipway::elsewhere(answer);
  // If there is a version table, only a journal is missing.
  if (ledger_.version_table_exists)
    std::erase_if(ledger_.elsewhere,
                  [](const LedgerElsewhere& found) { return found.kind == LedgerElsewhere::Kind::version_table; });
  read_revisions(ledger_.elsewhere, session_, [this](const std::string& question) { return ask(question); });
}

void LedgerReading::require_a_schema() const {
  if (!ledger_.schema.empty()) return;
  const auto found = std::ranges::find_if(ledger_.elsewhere, [](const LedgerElsewhere& each) {
    return each.kind == LedgerElsewhere::Kind::version_table && !each.revisions.empty();
  });
  throw Error{
      ExitCode::bad_configuration,
      names_.schema ? "the schema '" + *names_.schema + "' does not exist in database '" + ledger_.database + "'"
                    : "no schema of the search path exists in database '" + ledger_.database + "'",
      found == ledger_.elsewhere.end()
          ? "create it before the first migration, or choose another with --version-schema"
          : found->table + " is in schema " + found->schema + ": choose it with --version-schema " + found->schema};
}

bool LedgerReading::fill(const Outcome& outcome) {
  const Rows& rows = outcome.results.back();
  if (ledger_.version_table_exists) ledger_.id_limit = outcome.results[outcome.results.size() - 2].character_limit(0);
  bool is_one_ledger = true;
  std::vector<RevisionId> heads;
  std::vector<JournalEntry> entries;
  for (int row = 0; row < rows.size(); ++row) {
    const auto what = rows.value(row, kind);
    if (what == "place") {
      ledger_.schema = rows.text(row, name);
      ledger_.database = rows.text(row, action);
      is_one_ledger = rows.value(row, state).value_or(ledger_.schema) == ledger_.schema;
    } else if (what == "head") {
      add_head(heads, rows.value(row, name));
    } else {
      const JournalState reached = journal_state(rows.text(row, state));
      const bool finished = reached == JournalState::done;
      const auto second = checksum(rows, row, bytes);
      entries.push_back({.id = rows.integer(row, id),
                         .revision = RevisionId{rows.text(row, name)},
                         .action = journal_action(rows.text(row, action)),
                         .state = reached,
                         .token_checksum = checksum(rows, row, tokens),
                         .byte_checksum = finished ? second : std::nullopt,
                         .begun_checksum = finished ? std::nullopt : second,
                         .statements = static_cast<int>(rows.integer(row, statements)),
                         .statements_done = static_cast<int>(rows.integer(row, statements_done))});
    }
  }
  ledger_.heads = Heads{std::move(heads)};
  std::ranges::sort(entries, {}, &JournalEntry::id);
  for (const JournalEntry& entry : entries)
    ledger_.journal.add(entry);
  return is_one_ledger;
}

void LedgerReading::add_head(std::vector<RevisionId>& heads, const std::optional<std::string_view>& id) {
  if (!id || id->empty()) {
    ledger_.bad_rows = id ? "has a row with an empty text for a revision id" : "has a row with NULL for a revision id";
    return;
  }
  RevisionId head{std::string{*id}};
  if (std::ranges::find(heads, head) == heads.end())
    heads.push_back(std::move(head));
  else
    ledger_.bad_rows = "has two rows for revision " + head.str();
}

std::string LedgerReading::both() const {
  return versions_ + ", " + journal_;
}

std::vector<TableName> LedgerReading::tables() const {
  return {{.schema = schema_, .name = names_.version_table}, {.schema = schema_, .name = names_.journal()}};
}

}  // namespace slipway
