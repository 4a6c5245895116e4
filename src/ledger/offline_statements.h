#pragma once

#include <string>

#include "ledger/statements.h"

// The ledger's SQL for a script that is written without a database. No session has read the ledger before, so the
// statements check it themselves.

namespace slipway {

class OfflineStatements {
 public:
  // All three outlive it.
  OfflineStatements(const Ledger& ledger, const Quoting& quoting, const LedgerState& state)
      : ledger_{ledger}, quoting_{quoting}, state_{state} {}

  // One statement that takes the lock for the transaction, and fails unless the version table holds exactly `heads`.
  std::string lock_and_require(const Heads& heads) const;

  // The same for a session, for a script without a transaction; and the statement that releases the lock.
  std::string lock_session_and_require(const Heads& heads) const;
  std::string unlock_session() const;

  // Fails if the version table exists and its column holds ids of fewer than so many characters.
  std::string require_room_for_ids(std::size_t length) const;

  // Statements that change the version table's rows as one step does, and fail unless it then holds `after`; empty if
  // the step changes none.
  std::string move_heads(const RowChange& change, const Heads& after) const;

 private:
  std::string lock_key() const;
  std::string require(const Heads& heads) const;

  const Ledger& ledger_;
  const Quoting& quoting_;
  const LedgerState& state_;
};

}  // namespace slipway
