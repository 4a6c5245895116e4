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
  std::optional<Checksum> token_checksum{};  // of the script, where it says something
  std::optional<Checksum> byte_checksum{};
  int statements = 0;
};

}  // namespace slipway
