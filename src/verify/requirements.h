#pragma once

#include "graph/plan.h"
#include "ledger/ledger.h"
#include "settings/settings.h"
#include "verify/findings.h"

// What is done about a folder that does not fit the database, by the user's policies. Errors say which file, and what
// to do.

namespace slipway {

// Throws Error (bad_migrations) if the database is at a revision that the folder does not have.
void require_known_heads(const LedgerState& ledger, const Findings& findings);

// Throws Error (bad_migrations), or warns, if an applied script was edited.
void require_unedited(const LedgerState& ledger, const Findings& findings, ChecksumPolicy policy);

// Puts what is behind the head and never ran in front of the plan, which it does not change the heads of; or throws
// Error (bad_migrations).
void insert_out_of_order(Plan& plan, const Findings& findings, OutOfOrderPolicy policy);

}  // namespace slipway
