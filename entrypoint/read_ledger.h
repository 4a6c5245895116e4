#pragma once

#include "context.h"
#include "ledger/ledger.h"
#include "report/history_picture.h"

namespace slipway {

// Reads the ledger from any server that answers, and writes nothing. Throws Error as the wait does.
LedgerState read_ledger(Context& context);

// The same, with everything in the journal.
AppliedHistory read_history(Context& context);

}  // namespace slipway
