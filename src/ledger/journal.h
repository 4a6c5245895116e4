#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "revision/checksum.h"
#include "revision/revision.h"

// The journal: one entry for each action on a revision in this database. It makes it possible to find
//   1) an applied revision whose script was edited later,
//   2) a revision that was inserted behind the head and never ran,
//   3) a script without a transaction that was interrupted, and how far it got.
// docs/ledger.md has the table.

namespace slipway {

enum class JournalAction {
  upgrade,    // its upgrade script ran
  downgrade,  // its downgrade script ran
  adopt,      // it had been applied by another tool before slipway wrote the journal
  accept,     // its edited script was accepted as it stands
  stamp,      // it was recorded as applied by a stamp: no script ran
  unstamp,    // it was recorded as not applied by a stamp: no script ran
};

enum class JournalState {
  running,   // started. If no session holds the lock, it was interrupted, and the next statement had no effect
  in_doubt,  // the same, but it is not known whether the next statement took effect
  failed,    // a statement failed; those before it are done
  done,
};

struct JournalEntry {
  std::int64_t id = 0;
  RevisionId revision;
  JournalAction action = JournalAction::upgrade;
  JournalState state = JournalState::done;
  std::optional<Checksum> token_checksum;  // of the script's tokens
  std::optional<Checksum> byte_checksum;   // of its bytes; absent if the entry is unfinished
  // If it is unfinished: of the tokens of the statements that are done, including the next one if that is in doubt.
  std::optional<Checksum> begun_checksum{};
  int statements = 0;       // of the script
  int statements_done = 0;  // of a script without a transaction
};

// The words for actions and states in the journal's columns.
std::string_view word(JournalAction action) noexcept;
std::string_view word(JournalState state) noexcept;
JournalAction journal_action(std::string_view word);  // throws Error (bad_migrations) for a word of a later slipway
JournalState journal_state(std::string_view word);

// An entry as it is shown to people. Times are RFC 3339 in UTC; the end is empty if there is none.
struct JournalEvent {
  RevisionId revision;
  JournalAction action = JournalAction::upgrade;
  JournalState state = JournalState::done;
  std::string started_at;
  std::string finished_at;
  std::int64_t duration_ms = 0;
  std::string role;
  std::string host;
};

// Whether no statement of an unfinished script took effect: the first one failed, or was interrupted in the transaction
// that would have recorded it. A CREATE INDEX CONCURRENTLY that failed may have left an INVALID index.
bool has_done_nothing(const JournalEntry& entry) noexcept;

// The state that the entries add up to.
struct Journal {
  // The last checksums of each applied revision.
  std::map<RevisionId, JournalEntry> applied;
  // The script without a transaction that was started and not finished, if there is one.
  std::optional<JournalEntry> unfinished;
  std::int64_t last_id = 0;  // 0: no entry

  // Adds an entry that is later than those before.
  void add(const JournalEntry& entry);
};

}  // namespace slipway
