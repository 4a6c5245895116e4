#pragma once

#include "graph/plan.h"
#include "ledger/ledger.h"
#include "settings/settings.h"
#include "verify/findings.h"

// Applies the user's policies to a folder that does not match the database. Errors name the file, and hints say what to
// do.

namespace slipway {

// Throws Error (bad_migrations) if the database is at a revision that the folder does not have.
void require_known_heads(const LedgerState& ledger, const Findings& findings);

// Throws Error (bad_migrations), or warns, if an applied script was edited.
void require_unedited(const LedgerState& ledger, const Findings& findings, ChecksumPolicy policy);

// Puts the revisions behind the head that never ran in front of the plan, which does not change the heads; or throws
// Error (bad_migrations).
void insert_out_of_order(Plan& plan, const Findings& findings, OutOfOrderPolicy policy);

}  // namespace slipway
