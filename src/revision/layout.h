#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "revision/revision.h"

// A folder layout: how one tool writes revisions into files. Each layout is one file of code that turns the
// files of one folder into revisions, and one row of the table in folder.cpp.

namespace slipway {

// UTF-8 without a byte order mark and without NUL, line ends as on disk: folder.cpp has checked it.
struct MigrationFile {
  std::filesystem::path path;
  std::string content;
};

struct Layout {
  const char* name;
  // Throws Error (bad_migrations). The files are in the order of their names. A revision that does not
  // say what it revises has Parents::implied; folder.cpp then finds them.
  std::vector<Revision> (*read)(std::vector<MigrationFile> files);
};

}  // namespace slipway
