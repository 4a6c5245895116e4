#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "revision/revision.h"

// A folder layout: the way in which a tool writes revisions into files. Each layout is one source file that turns the
// files of a folder into revisions, and one row of the table in folder.cpp.

namespace slipway {

// UTF-8 without a byte order mark and without NUL; folder.cpp has checked it. Line ends are as on disk.
struct MigrationFile {
  std::filesystem::path path;
  std::string content;
};

struct Layout {
  const char* name;
  // Throws Error (bad_migrations). The files are sorted by name. A revision that does not say what it revises has
  // Parents::implied; folder.cpp then determines its parents.
  std::vector<Revision> (*read)(std::vector<MigrationFile> files);
};

}  // namespace slipway
