#pragma once

#include "revision/revision.h"

// Whether a script can be run in the way that it asks for. Takes a parse of the script, so only pending ones are
// checked.

namespace slipway {

// Throws Error (bad_migrations) with file:line and what to do about the first statement that
//
//  - is a psql command (`\i`, `\restrict`) or a COPY … FROM STDIN, which no server understands as part of a script, or
//  - begins or ends a transaction, or can't run in one, in a script that is run in one: the fix is `transaction:false`.
//
// A downgrade that the revision does not have passes.
void check_script(const Revision& revision, Direction direction);

}  // namespace slipway
