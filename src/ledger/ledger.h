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

// What the database says was applied: the version table, exactly as Alembic keeps it, and the journal beside it. This
// part reads; statements.h writes.

namespace slipway {

struct LedgerNames {
  std::string version_table = "alembic_version";
  std::optional<std::string> schema;  // absent: where the search path finds the version table, or would make it

  // The journal's name. Applications that share a schema have a version table each, and then a journal each.
  std::string journal() const;
};

// The ledger at one moment.
struct LedgerState {
  std::string database;
  std::string version_table;  // its name
  std::string schema;         // of both tables, also of those that are yet to be made; empty: unknown
  bool version_table_exists = false;
  bool journal_exists = false;
  // The longest id that the version table's column holds. Absent: any, or there is no table.
  std::optional<std::size_t> id_limit{};
  RowSecurity row_security = RowSecurity::off;  // that shows the role all rows of both tables
  Heads heads;
  // What is wrong with the version table's rows: one is NULL or empty, or there twice. Empty: nothing.
  std::string bad_rows;
  Journal journal;
  // If one of the tables does not exist and the user has not said in which schema it should: what other schemas have.
  std::vector<LedgerElsewhere> elsewhere{};
};

// How long a look at the ledger may take.
struct ReadPatience {
  std::chrono::milliseconds lock_timeout{10'000};  // for another session that has locked the tables
  std::chrono::milliseconds answer{30'000};        // for the server, the wait for that lock included
};

class LedgerStatements;

class Ledger {
 public:
  // A version table that is made holds ids of `longest_id` characters, or more.
  explicit Ledger(LedgerNames names, std::size_t longest_id = 0) : names_{std::move(names)}, longest_id_{longest_id} {}

  // One round trip if both tables exist, some more otherwise. Never writes.
  // Throws ConnectionLost, also if the server gives no answer in time; Error 65 if the version table has rows that
  // can't be heads or is none, 75 if the tables stay locked, 77 if the role may not read them or may not see all of
  // their rows, 78 if the schema does not exist.
  LedgerState read(Session& session, const ReadPatience& patience = {}) const;

  // The same for a caller that is about to replace the version table's rows, whatever they are: the heads are those
  // rows that are ids, each once.
  LedgerState read_bad_rows_too(Session& session, const ReadPatience& patience = {}) const;

  // All entries of the journal, oldest first; none without a journal. One round trip. Throws as read().
  std::vector<JournalEvent> events(Session& session, const LedgerState& state) const;

  // The key of the lock that all writers of this version table take: the first 8 bytes of a SHA-256 over schema and
  // table.
  LockKey lock_key(const LedgerState& state) const;

  // The SQL that checks and changes this ledger from `state` on. `quoting` and `state` outlive it.
  LedgerStatements statements(const Quoting& quoting, const LedgerState& state) const;

  const std::string& version_table() const noexcept { return names_.version_table; }
  std::size_t longest_id() const noexcept { return longest_id_; }

  std::string journal() const { return names_.journal(); }

 private:
  LedgerNames names_;
  std::size_t longest_id_;
};

}  // namespace slipway
