#pragma once

#include <vector>

#include "revision/revision.h"

namespace slipway {

// Writes other parents into the file of a revision that says what it revises: that one line changes, and nothing else.
// The file is replaced in one go, with its permissions; a symlink's target is.
// Throws Error (bad_migrations) if the file is not as it was read, or can't be written.
void rewrite_revises(const Revision& revision, const std::vector<RevisionId>& parents);

}  // namespace slipway
