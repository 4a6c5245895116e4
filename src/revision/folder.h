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
// docs/migration-files.md explains each of these.

namespace slipway {

// What to do about a folder without a migration. Usually a volume was not mounted, or it is another tool's folder.
enum class EmptyFolder { warn, refuse };

// The revisions of all folders together. They are in the order of their ids if the files do not say what they revise,
// otherwise in the order of folders and file names. Ids are unique. Parents are as written; the graph checks whether
// they exist. A folder that is given twice is read once.
//
// Throws Error (bad_migrations) that names the file and the line and says what to do.
std::vector<Revision> read_folder(const std::vector<std::filesystem::path>& folders,
                                  EmptyFolder empty = EmptyFolder::warn);

}  // namespace slipway
