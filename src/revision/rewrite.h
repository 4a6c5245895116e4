#pragma once

#include <vector>

#include "revision/revision.h"

namespace slipway {

// Writes new parents into the file of a revision that says what it revises. Only that line changes. The file is
// replaced in one step and keeps its permissions; if it is a symbolic link, its target is replaced. Throws Error
// (bad_migrations) if the file has changed since it was read, or can't be written.
void rewrite_revises(const Revision& revision, const std::vector<RevisionId>& parents);

}  // namespace slipway
