#pragma once

#include <filesystem>
#include <vector>

#include "revision/revision.h"

// Reads migrations folders from disk.
//
// - A migration is a file, or a symlink to one, whose name ends in `.sql` (in any case) and does not begin with a dot.
//   Everything else is passed over with a debug line: hidden files, editors' backups, subfolders, other names.
// - A `.sql` name that is neither file nor folder (a pipe, a socket, a dangling or circular symlink), can't be read, or
//   is not UTF-8 in name or content is an error, never skipped and never waited for.
// - A missing folder is an error; one that holds no migration is an error or a warning in the log, as is asked.
//
// docs/migration-files.md has each of these with its reason.

namespace slipway {

// What to do about a folder without a migration. Usually a volume was not mounted, or it is another tool's folder.
enum class EmptyFolder { warn, refuse };

// The revisions of all folders together, in the order of ids where no file says what it revises, else in the
// order of folders and file names. Ids are unique; parents are as written, whether they exist is the graph's
// business. A folder that is given twice is read once.
//
// Throws Error (bad_migrations) that names file and line and says what to do.
std::vector<Revision> read_folder(const std::vector<std::filesystem::path>& folders,
                                  EmptyFolder empty = EmptyFolder::warn);

}  // namespace slipway
