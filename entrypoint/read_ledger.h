#pragma once

#include "context.h"
#include "ledger/ledger.h"
#include "report/history_picture.h"

namespace slipway {

// The ledger as it is, from any server that answers; nothing is written. Throws Error as the wait does.
LedgerState read_ledger(Context& context);

// The same, with all that the journal has.
AppliedHistory read_history(Context& context);

}  // namespace slipway
