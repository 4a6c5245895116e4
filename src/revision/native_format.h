#pragma once

#include <string_view>
#include <vector>

#include "revision/layout.h"

// slipway's own layout: one file a revision, its place in a leading comment, its scripts under dbmate's
// markers. docs/migration-files.md is the page on it.

namespace slipway {

// The fields that the leading comment may hold.
inline constexpr std::string_view revision_field = "revision";
inline constexpr std::string_view revises_field = "revises";
inline constexpr std::string_view depends_on_field = "depends-on";
inline constexpr std::string_view branch_labels_field = "branch-labels";
inline constexpr std::string_view created_field = "created";

// Reads one file. Throws Error (bad_migrations) that names file and line.
Revision read_native_file(MigrationFile file);

std::vector<Revision> read_native_files(std::vector<MigrationFile> files);

}  // namespace slipway
