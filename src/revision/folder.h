#pragma once

#include <filesystem>
#include <vector>

#include "revision/revision.h"

// Reads migrations folders from disk.
//
//  - A migration is a file, or a symbolic link to one, whose name ends in `.sql` (in any case) and does not begin with
//    a dot. Everything else is skipped with a debug message: hidden files, editors' backups, subfolders, other names.
//  - A `.sql` name that is neither a file nor a folder (a pipe, a socket, a dangling or circular symbolic link), that
//    can't be read, or that is not UTF-8 in name or content is an error. It is never skipped, and slipway never waits
//    for it.
//  - A missing folder is an error. A folder without migrations is an error or a warning in the log, as the caller
//    chooses.
//
// docs/migration-files.md explains each of these.

namespace slipway {

// What to do about a folder that contains no migration. Usually it is a volume that was not mounted, or another tool's
// folder.
enum class EmptyFolder { warn, refuse };

// The revisions of all folders together. They are in the order of their ids if the files do not say what they revise,
// otherwise in the order of folders and file names. Ids are unique. Parents are as written; the graph checks whether
// they exist. A folder that is given twice is read once.
//
// Throws Error (bad_migrations) that names the file and the line and says what to do.
std::vector<Revision> read_folder(const std::vector<std::filesystem::path>& folders,
                                  EmptyFolder empty = EmptyFolder::warn);

}  // namespace slipway
