#pragma once

#include "context.h"
#include "ledger/ledger.h"

namespace slipway {

// The ledger as it is, from any server that answers; nothing is written. Throws Error as the wait does.
LedgerState read_ledger(Context& context);

}  // namespace slipway
