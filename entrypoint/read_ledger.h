#pragma once

#include <optional>

#include "context.h"
#include "database/activity.h"
#include "ledger/ledger.h"
#include "report/history_picture.h"

namespace slipway {

// Reads the ledger from any server that answers, and writes nothing. Throws Error as the wait does.
LedgerState read_ledger(Context& context);

// The same, with the session that holds the ledger's lock while a script without a transaction is unfinished.
struct LedgerUnderWork {
  LedgerState ledger;
  std::optional<Activity> migrating{};
};
LedgerUnderWork read_ledger_and_holder(Context& context);

// The same, with everything in the journal.
AppliedHistory read_history(Context& context);

}  // namespace slipway
