#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/plan.h"
#include "ledger/ledger.h"
#include "ledger/record.h"
#include "sql/quoting.h"

// The SQL that checks and changes a ledger as it was read. It is returned as text, to be sent in the same message and
// transaction as the script that it records.

namespace slipway {

class LedgerStatements {
 public:
  // All three outlive it.
  LedgerStatements(const Ledger& ledger, const Quoting& quoting, const LedgerState& state)
      : ledger_{ledger}, quoting_{quoting}, state_{state} {}

  // The names of the tables, as SQL.
  std::string version_table() const;
  std::string journal_table() const;

  // Statements that create the missing tables; none if both exist. Send them under the lock.
  std::vector<std::string> create() const;

  // Statements that fail unless the ledger is still in the state that was read. is_moved() recognizes the failure.
  std::vector<std::string> guard() const;

  // The same for the journal alone, for a caller that replaces all rows of the version table.
  std::vector<std::string> guard_journal() const;

  // "SET LOCAL row_security = …;", to be sent before the statements below in a transaction in which a script has run.
  std::string see_all_rows() const { return set_local(state_.row_security); }

  // A query for a session that waits while another one writes. It returns one row: a text that changes whenever the
  // ledger does, and whether the ledger is at the heads `wanted`. If there was no ledger, it returns whether there is
  // one now.
  std::string watch(const Heads& wanted) const;

  // A condition: the version table holds exactly these heads.
  std::string heads_are(const Heads& heads) const;

  // Statements that change the version table's rows as one step does; empty if it changes none.
  std::string change_rows(const RowChange& change) const;

  // The same, from the heads of the state, in a transaction that sees all rows. It fails unless the table then holds
  // the expected heads. is_unwritten() recognizes the failure.
  std::string move_heads(const RowChange& change) const;

  // The same for a version table that is emptied first.
  std::string replace_heads(const Heads& heads) const;

  // An INSERT that returns the entry's id.
  std::string record(const LedgerRecord& record) const;

  // One INSERT for all of them, in their order. `from` says whether slipway or psql runs it.
  enum class From { here, script };
  std::string record_all(std::span<const LedgerRecord> records, From from) const;

  // Writes to the journal those of `applied`, which is in the order of the graph, that come after everything in the
  // journal: another tool applied them.
  std::string adopt_rest(std::span<const LedgerRecord> applied) const;

  // The entry of a script without a transaction: its start, its progress or failure, its continuation by an edited
  // script, and its end. At the end the entry gets the checksums of `script`, or none if it is not known what ran. All
  // of these except the start fail if the journal does not have the entry; is_unwritten() recognizes the failure.
  std::string record_start(const LedgerRecord& script, const ScriptProgress& progress) const;
  std::string record_progress(std::int64_t entry, const ScriptProgress& progress) const;
  std::string record_resumption(std::int64_t entry, const LedgerRecord& script, const ScriptProgress& progress) const;
  std::string record_end(std::int64_t entry, const std::optional<LedgerRecord>& script) const;

  // Removes the entry of a script without a transaction, so that the script starts again.
  std::string forget(std::int64_t entry) const;

 private:
  std::string qualified(std::string_view table) const;
  std::string journal_is_as_read() const;
  std::string require_heads(const Heads& heads) const;
  std::string update_entry(std::int64_t entry, const std::string& columns) const;
  std::string progress_columns(const ScriptProgress& progress) const;

  const Ledger& ledger_;
  const Quoting& quoting_;
  const LedgerState& state_;
};

// Whether LedgerStatements::guard() raised the error.
bool is_moved(const ServerError& error);

// Whether a write to the ledger did not have the expected effect: a trigger, a rule or a policy has changed or
// suppressed it, or a script has changed the tables.
bool is_unwritten(const ServerError& error);

}  // namespace slipway
