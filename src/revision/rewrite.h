#pragma once

#include <vector>

#include "revision/revision.h"

namespace slipway {

// Writes other parents into the file of a revision that says what it revises. Only that line changes. The file is
// replaced atomically and keeps its permissions; for a symbolic link, its target is replaced. Throws Error
// (bad_migrations) if the file is not as it was read, or can't be written.
void rewrite_revises(const Revision& revision, const std::vector<RevisionId>& parents);

}  // namespace slipway
