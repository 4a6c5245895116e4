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

// The journal: one entry for each thing that was done to a revision on this database. It tells
//   1) an applied revision whose script was edited since,
//   2) one that was inserted behind the head and never ran,
//   3) a script without a transaction that was cut off, and how far it came.
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
  running,   // begun; cut off where nobody holds the lock, and the next statement did nothing
  in_doubt,  // the same, but whether the next statement took effect only the database itself can tell
  failed,    // a statement failed, and what was before it is done
  done,
};

struct JournalEntry {
  std::int64_t id = 0;
  RevisionId revision;
  JournalAction action = JournalAction::upgrade;
  JournalState state = JournalState::done;
  std::optional<Checksum> token_checksum;  // of the script's tokens
  std::optional<Checksum> byte_checksum;   // of its bytes; absent if the entry is unfinished
  // If it is unfinished: of the tokens of the statements that are done, and of the next one if that is in doubt.
  std::optional<Checksum> begun_checksum{};
  int statements = 0;       // of the script
  int statements_done = 0;  // as far as a script without a transaction came
};

// The journal's words for actions and states, as its columns hold them.
std::string_view word(JournalAction action) noexcept;
std::string_view word(JournalState state) noexcept;
JournalAction journal_action(std::string_view word);  // throws Error (bad_migrations) on a later slipway's word
JournalState journal_state(std::string_view word);

// An entry for people: what was done, when and by whom. Times are RFC 3339 in UTC; the end is empty if there is
// none.
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

// Whether nothing of an unfinished script took effect: its first statement failed, or was cut off in the transaction
// that would have recorded it. A CREATE INDEX CONCURRENTLY that failed may have left an INVALID index.
bool has_done_nothing(const JournalEntry& entry) noexcept;

// What the entries say together.
struct Journal {
  // Of each revision that is applied: its last checksums.
  std::map<RevisionId, JournalEntry> applied;
  // The script without a transaction that began and did not come to its end, if any.
  std::optional<JournalEntry> unfinished;
  std::int64_t last_id = 0;  // 0: no entry

  // Adds an entry that is later than all before.
  void add(const JournalEntry& entry);
};

}  // namespace slipway
