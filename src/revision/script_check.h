#pragma once

#include "revision/revision.h"

// Checks whether a script can run in the way that it asks for. This parses the script, so only pending ones are
// checked.

namespace slipway {

// The purpose of the check. Its errors have exit code 73 if the script is about to run, and 65 if it is only checked.
enum class CheckFor { run, look };

// Throws Error with file:line and a hint about the first statement that
//
// - is a psql command (`\i`, `\restrict`) or a COPY … FROM STDIN, which no server understands as part of a script, or
// - begins or ends a transaction, or can't run in one, in a script that is run in one: the fix is `transaction:false`.
//
// The exit code of these errors is always 65. Then calls require_closed().
//
// A downgrade that the revision does not have passes.
void check_script(const Revision& revision, Direction direction, CheckFor purpose);

// Throws Error (73 or 65) if the script does not close a quote, a dollar quote or a comment. The error names the line
// on which it begins.
void require_closed(const Script& script, CheckFor purpose);

}  // namespace slipway
