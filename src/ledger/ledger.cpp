#include "ledger/ledger.h"

#include <charconv>
#include <utility>

#include "error/error.h"
#include "ledger/reading.h"
#include "ledger/statements.h"
#include "revision/sha256.h"

namespace slipway {

std::string LedgerNames::journal() const {
  return version_table == LedgerNames{}.version_table ? "slipway_journal" : "slipway_journal_" + version_table;
}

LedgerStatements Ledger::statements(const Quoting& quoting, const LedgerState& state) const {
  return LedgerStatements{*this, quoting, state};
}

LedgerState Ledger::read(Session& session, const ReadPatience& patience) const {
  LedgerState state = read_bad_rows_too(session, patience);
  if (!state.bad_rows.empty())
    throw Error{
        ExitCode::bad_migrations,
        "the version table " + state.schema + "." + state.version_table + " " + state.bad_rows,
        "find out which revisions are applied, and record them with `slipway stamp --purge REVISION…`; check that the "
        "table has its primary key on version_num"};
  return state;
}

LedgerState Ledger::read_bad_rows_too(Session& session, const ReadPatience& patience) const {
  return LedgerReading{session, names_, patience}.read();
}

std::vector<JournalEvent> Ledger::events(Session& session, const LedgerState& state) const {
  if (!state.journal_exists) return {};
  const auto utc = [](const std::string& column) {
    return "pg_catalog.to_char(" + column + R"( AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))";
  };
  const ReadPatience patience;
  const Rows rows = LedgerReading{session, names_, patience}.answer(
      "SELECT revision, action, state, " + utc("started_at") + ", " + utc("finished_at") +
          ", (1000::float8 * pg_catalog.date_part('epoch', finished_at - started_at))::int8, role, host FROM " +
          statements(session, state).journal_table() + " ORDER BY id",
      state.row_security);
  std::vector<JournalEvent> events;
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

LockKey Ledger::lock_key(const LedgerState& state) const {
  Sha256 hash;
  hash.add("slipway lock\n" + state.schema + "\n" + names_.version_table);
  const std::string hex = hash.hex();
  std::uint64_t key = 0;
  std::from_chars(hex.data(), hex.data() + 16, key, 16);
  return {static_cast<std::int64_t>(key)};
}

}  // namespace slipway
