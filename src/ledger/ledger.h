#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "database/session.h"
#include "graph/heads.h"
#include "graph/plan.h"
#include "ledger/journal.h"

// What the database says was applied: the version table, exactly as Alembic keeps it, and the journal beside it.
//
// Reads need no lock and one round trip. Writes are handed out as SQL, to travel in the same message and transaction as
// the script that they record.

namespace slipway {

struct LedgerNames {
  std::string version_table = "alembic_version";
  std::optional<std::string> schema;  // absent: where the search path finds the version table, or would make it
};

// The ledger at one moment.
struct LedgerState {
  std::string database;
  std::string schema;  // of both tables; empty: where the search path finds them
  bool version_table_exists = false;
  bool journal_exists = false;
  Heads heads;
  Journal journal;
};

// One thing to record.
struct LedgerRecord {
  RevisionId revision;
  JournalAction action = JournalAction::upgrade;
  std::string message;                       // the revision's
  std::optional<Checksum> token_checksum{};  // of the script, where it says something
  std::optional<Checksum> byte_checksum{};
  int statements = 0;
};

// How long a look at the ledger may take.
struct ReadPatience {
  std::chrono::milliseconds lock_timeout{10'000};  // for another session that has locked the tables
  std::chrono::milliseconds answer{30'000};        // for the server, the wait for that lock included
};

class Ledger {
 public:
  explicit Ledger(LedgerNames names);

  // One round trip where both tables exist, two otherwise. Never writes.
  // Throws ConnectionLost, also where the server gives no answer in time; Error 75 where they stay locked, 77 where the
  // role may not read the tables, 78 where the schema does not exist.
  LedgerState read(Session& session, const ReadPatience& patience = {}) const;

  // All entries of the journal, oldest first; none where there is no journal. One round trip. Throws as read().
  std::vector<JournalEvent> events(Session& session, const LedgerState& state) const;

  // The key of the advisory lock that all writers of this version table take: the first 8 bytes of a SHA-256 over
  // schema and table. Advisory locks are a database's own (PostgreSQL: "Advisory Locks").
  std::int64_t lock_key(const LedgerState& state) const;

  // The tables' names as SQL.
  std::string version_table(const Quoting& quoting, const LedgerState& state) const;
  std::string journal_table(const Quoting& quoting, const LedgerState& state) const;

  // Statements that make the tables which `state` lacks; none where there is nothing to make. To be sent under the
  // lock.
  std::vector<std::string> create(const Quoting& quoting, const LedgerState& state) const;

  // A SELECT that fails unless the ledger still is as in `state`. Its failure is told by is_moved().
  std::string guard(const Quoting& quoting, const LedgerState& state) const;

  // A query for those who wait while another session writes. Its answer is one row: text that changes whenever the
  // ledger does, and whether the ledger has come to the heads `wanted`; or, where `state` has no ledger, whether there
  // is one now.
  std::string watch(const Quoting& quoting, const LedgerState& state, const Heads& wanted) const;

  // Statements that change the version table's rows as one step does; empty where it changes none.
  std::string move_heads(const Quoting& quoting, const LedgerState& state, const RowChange& change) const;

  // One INSERT for all of them, in their order. `from` says who writes it down in the end.
  enum class From { here, script };
  std::string record_all(const Quoting& quoting, const LedgerState& state, std::span<const LedgerRecord> records,
                         From from) const;

  // For a script that is written without a database, in which no guard can say what was read: one statement that takes
  // the lock for the transaction, and fails unless the version table holds exactly `heads`.
  std::string lock_and_require(const Quoting& quoting, const LedgerState& state, const Heads& heads) const;

  // The same two parts for a script without a transaction, and the end of it.
  std::string lock_session_and_require(const Quoting& quoting, const LedgerState& state, const Heads& heads) const;
  std::string unlock_session(const Quoting& quoting, const LedgerState& state) const;

  // Journals those of `applied`, which stand in the order of the graph, that come after all that the journal has:
  // another tool applied them.
  std::string adopt_rest(const Quoting& quoting, const LedgerState& state, std::span<const LedgerRecord> applied) const;

  // An INSERT that returns the entry's id.
  std::string record(const Quoting& quoting, const LedgerState& state, const LedgerRecord& record) const;

  // The same for a script without a transaction: its start, its progress, its failure and its end. `next` is what the
  // next statement would be if it were cut off: running or in_doubt.
  std::string record_start(const Quoting& quoting, const LedgerState& state, const LedgerRecord& record,
                           JournalState next) const;
  std::string record_progress(const Quoting& quoting, const LedgerState& state, std::int64_t entry, int statements_done,
                              JournalState next) const;
  std::string record_failure(const Quoting& quoting, const LedgerState& state, std::int64_t entry) const;
  std::string record_end(const Quoting& quoting, const LedgerState& state, std::int64_t entry) const;

  // Removes the entry of a script without a transaction, so that it runs from its beginning.
  std::string forget(const Quoting& quoting, const LedgerState& state, std::int64_t entry) const;

 private:
  std::string journal_name() const;
  std::string qualified(const Quoting& quoting, const LedgerState& state, std::string_view table) const;
  std::string lock_key_expression(const Quoting& quoting, const LedgerState& state) const;
  std::string heads_are(const Quoting& quoting, const LedgerState& state, const Heads& heads) const;

  LedgerNames names_;
};

// A SELECT that takes the lock for the transaction, and fails at once where another session holds it.
std::string take_lock(std::int64_t key);

// Whether the failure is take_lock's, or guard's.
bool is_locked(const ServerError& error);
bool is_moved(const ServerError& error);

}  // namespace slipway
