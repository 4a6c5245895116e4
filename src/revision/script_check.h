#pragma once

#include "revision/revision.h"

// Checks whether a script can run in the way that it asks for. This parses the script, so only pending ones are
// checked.

namespace slipway {

// The purpose of the check. Its errors have exit code 73 if the script is about to run, and 65 if it is only checked.
enum class CheckFor { run, look };

// Throws Error with file:line and what to do about the first statement that
//
// - is a psql command (`\i`, `\restrict`) or a COPY … FROM STDIN, which no server understands as part of a script, or
// - begins or ends a transaction, or can't run in one, in a script that is run in one: the fix is `transaction:false`.
//
// These are 65 in any case. Then require_closed().
//
// A downgrade that the revision does not have passes.
void check_script(const Revision& revision, Direction direction, CheckFor purpose);

// Throws Error, 73 or 65, with the line on which a quote, a dollar quote or a comment begins that the script never
// closes.
void require_closed(const Script& script, CheckFor purpose);

}  // namespace slipway
