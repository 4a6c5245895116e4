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

// The SQL that checks and changes a ledger as it was read. It is handed out as text, to travel in the same message and
// transaction as the script that it records.

namespace slipway {

class LedgerStatements {
 public:
  // All three outlive it.
  LedgerStatements(const Ledger& ledger, const Quoting& quoting, const LedgerState& state)
      : ledger_{ledger}, quoting_{quoting}, state_{state} {}

  // The tables' names as SQL.
  std::string version_table() const;
  std::string journal_table() const;

  // Statements that make the tables which the state lacks; none if it has both. To be sent under the lock.
  std::vector<std::string> create() const;

  // Statements that fail unless the ledger still is as in the state. is_moved() recognizes the failure.
  std::vector<std::string> guard() const;

  // The same for the journal alone, for a caller that replaces the version table's rows, whatever they are.
  std::vector<std::string> guard_journal() const;

  // "SET LOCAL row_security = …;", to be sent before what follows here in a transaction that a script had part in.
  std::string see_all_rows() const { return set_local(state_.row_security); }

  // A query for those who wait while another session writes. Its answer is one row: text that changes whenever the
  // ledger does, and whether the ledger has come to the heads `wanted`; or, if the state has no ledger, whether there
  // is one now.
  std::string watch(const Heads& wanted) const;

  // A condition: the version table holds exactly these heads.
  std::string heads_are(const Heads& heads) const;

  // Statements that change the version table's rows as one step does; empty if it changes none.
  std::string change_rows(const RowChange& change) const;

  // The same, from the heads of the state, in a transaction that sees all rows: it fails unless the table then holds
  // the heads that it should. is_unwritten() recognizes the failure.
  std::string move_heads(const RowChange& change) const;

  // The same for a version table that is emptied first.
  std::string replace_heads(const Heads& heads) const;

  // An INSERT that returns the entry's id.
  std::string record(const LedgerRecord& record) const;

  // One INSERT for all of them, in their order. `from` says who runs it in the end.
  enum class From { here, script };
  std::string record_all(std::span<const LedgerRecord> records, From from) const;

  // Journals those of `applied`, which stand in the order of the graph, that come after all that the journal has:
  // another tool applied them.
  std::string adopt_rest(std::span<const LedgerRecord> applied) const;

  // The same as record() for a script without a transaction: its start, its progress or failure, another script that
  // goes on in its place, and its end. At the end the entry takes the checksums of `script`; none if it is not known
  // what ran. All but the start fail if the journal has no such entry to be written; is_unwritten() recognizes the
  // failure.
  std::string record_start(const LedgerRecord& script, const ScriptProgress& progress) const;
  std::string record_progress(std::int64_t entry, const ScriptProgress& progress) const;
  std::string record_resumption(std::int64_t entry, const LedgerRecord& script, const ScriptProgress& progress) const;
  std::string record_end(std::int64_t entry, const std::optional<LedgerRecord>& script) const;

  // Removes the entry of a script without a transaction, so that it runs from its beginning.
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

// Whether the error is that of LedgerStatements::guard().
bool is_moved(const ServerError& error);

// Whether a write of the ledger has not come to what it should: a trigger, a rule or a policy has changed or swallowed
// it, or a script has changed the tables itself.
bool is_unwritten(const ServerError& error);

}  // namespace slipway
