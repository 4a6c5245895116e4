#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "database/session.h"
#include "graph/heads.h"
#include "ledger/elsewhere.h"
#include "ledger/journal.h"
#include "ledger/row_security.h"
#include "lock/advisory_lock.h"

// The database's record of what was applied: the version table, exactly as Alembic has it, and the journal. This part
// reads; statements.h writes.

namespace slipway {

struct LedgerNames {
  std::string version_table = "alembic_version";
  std::optional<std::string>
      schema;  // absent: the schema in which the search path finds the version table, or would create it

  // The journal's name. Applications that share a schema have their own version tables, and so their own journals.
  std::string journal() const;
};

// The ledger at one moment.
struct LedgerState {
  std::string database;
  std::string version_table;  // its name
  std::string schema;         // of both tables, even if they don't exist yet; empty: unknown
  bool version_table_exists = false;
  bool journal_exists = false;
  // The longest id that fits into the version table's column. Absent: there is no limit, or no table.
  std::optional<std::size_t> id_limit{};
  RowSecurity row_security = RowSecurity::off;  // the setting with which the role sees all rows of both tables
  Heads heads;
  // What is wrong with the version table's rows, if one is NULL or empty or occurs twice. Empty: nothing.
  std::string bad_rows;
  Journal journal;
  // If a table does not exist and the user has not set a schema: the tables of that name in other schemas.
  std::vector<LedgerElsewhere> elsewhere{};
};

// How long one read of the ledger may take.
struct ReadPatience {
  std::chrono::milliseconds lock_timeout{10'000};  // the wait for a session that has locked the tables
  std::chrono::milliseconds answer{30'000};        // the wait for the server's answer, including that lock
};

class LedgerStatements;

class Ledger {
 public:
  // If the version table has to be created, its column has room for ids of `longest_id` characters.
  explicit Ledger(LedgerNames names, std::size_t longest_id = 0) : names_{std::move(names)}, longest_id_{longest_id} {}

  // One round trip if both tables exist, otherwise a few more. Never writes. Throws ConnectionLost, also if the server
  // gives no answer in time; Error 65 if the version table is not a version table or has rows that can't be heads, 75
  // if the tables stay locked, 77 if the role may not read them or may not see all of their rows, 78 if the schema does
  // not exist.
  LedgerState read(Session& session, const ReadPatience& patience = {}) const;

  // The same for a caller that replaces all rows of the version table: accepts bad rows, and returns those that are
  // valid ids, each once.
  LedgerState read_bad_rows_too(Session& session, const ReadPatience& patience = {}) const;

  // All entries of the journal, oldest first; empty if there is no journal. One round trip. Throws as read().
  std::vector<JournalEvent> events(Session& session, const LedgerState& state) const;

  // The key of the lock that all writers of this version table take: the first 8 bytes of a SHA-256 over schema and
  // table.
  LockKey lock_key(const LedgerState& state) const;

  // The SQL that checks this ledger against `state` and changes it. `quoting` and `state` must outlive it.
  LedgerStatements statements(const Quoting& quoting, const LedgerState& state) const;

  const std::string& version_table() const noexcept { return names_.version_table; }
  std::size_t longest_id() const noexcept { return longest_id_; }

  std::string journal() const { return names_.journal(); }

 private:
  LedgerNames names_;
  std::size_t longest_id_;
};

}  // namespace slipway
