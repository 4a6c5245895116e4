#pragma once

#include <optional>
#include <string>

#include "ledger/journal.h"
#include "revision/checksum.h"

// What is written into the journal.

namespace slipway {

// One thing to record.
struct LedgerRecord {
  RevisionId revision;
  JournalAction action = JournalAction::upgrade;
  std::string message;                       // the revision's
  std::optional<Checksum> token_checksum{};  // of the script; absent if there is no script to compare later
  std::optional<Checksum> byte_checksum{};
  int statements = 0;
};

// How far a script without a transaction has come.
struct ScriptProgress {
  JournalState state = JournalState::running;  // running, failed, or in_doubt: the next statement can't share a
                                               // transaction with its record
  int statements_done = 0;
  Checksum begun;  // JournalEntry::begun_checksum
};

}  // namespace slipway
